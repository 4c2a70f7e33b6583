import { TraceLog } from './trace-log.ts';
import type { TraceParts } from './trace-parts.ts';

/**
 * A trace for another thread.
 * @returns `trace` for the message, and `buffers` for its list of what is transferred: with that no column is copied, and
 * the log cannot be used on this side any more. Without it the columns are copied.
 */
export function toTransferable(log: TraceLog): { readonly trace: TraceParts; readonly buffers: ArrayBuffer[] } {
  const trace = log.parts();
  const buffers: ArrayBuffer[] = [];
  collect(trace.tables, buffers);
  collect(trace.waits, buffers);
  collect(trace.order, buffers);
  return { trace, buffers };
}

/** The log that a message brought; it can be read and written to as the one it was made from. */
export function fromTransferable(trace: TraceParts): TraceLog {
  return TraceLog.of(trace);
}

function collect(value: unknown, buffers: ArrayBuffer[]): void {
  if (value instanceof ArrayBuffer) buffers.push(value);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) collect(one, buffers);
}

import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A runner whose passes had a worker, and for how long. */
export interface Occupant {
  readonly runner: string;
  readonly us: number;
}

/** Events are in the order of their ends, and at most this many are read: in a long wait these are its last. */
const LOOK_BACK = 5_000;

/**
 * Which runners the workers were with while a pass waited for one, those that held them longest first: the passes that
 * have ended before it, and those that have not ended at all. None where it is not known when the pass waited.
 * @param index number of the pass's event in the trace
 */
export function occupantsOf(
  trace: TraceLog,
  { ready = NaN, started = NaN }: { readonly ready?: number; readonly started?: number },
  index: number,
): Occupant[] {
  const { passes, strings } = trace.rows;
  const held = new Map<number, number>();
  const add = (pass: number, untilUs: number): void => {
    const us = untilUs - Math.max(passes.span.startedUs(pass), ready);
    const object = passes.object.get(pass);
    if (us > 0) held.set(object, (held.get(object) ?? 0) + us);
  };
  for (let at = index - 1; at >= Math.max(0, index - LOOK_BACK); at--) {
    const pass = trace.passAt(at);
    if (pass === NONE) continue;
    const endedUs = passes.span.endedUs(pass);
    if (endedUs <= ready) break;
    add(pass, Math.min(endedUs, started));
  }
  for (const pass of trace.running()) add(pass, started);
  return [...held].map(([object, us]) => ({ runner: strings.text(object), us })).sort((a, b) => b.us - a.us);
}

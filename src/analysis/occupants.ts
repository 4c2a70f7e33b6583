import type { OpenPass, PassEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A runner whose passes had a worker, and for how long. */
export interface Occupant {
  readonly runner: string;
  readonly us: number;
}

/** Events are in the order of their ends, and so many are looked at: in a long wait these are the last of it. */
const LOOK_BACK = 5_000;

/**
 * Which runners the workers were with while a pass waited for one, those that held them longest first: the passes that
 * have ended before it, and those that have not ended at all.
 * @param index number of the pass's event in the trace
 */
export function occupantsOf(trace: TraceLog, { ready, started }: PassEvent | OpenPass, index: number): Occupant[] {
  const held = new Map<string, number>();
  const add = (runner: string, us: number): void => {
    if (us > 0) held.set(runner, (held.get(runner) ?? 0) + us);
  };
  for (let at = index - 1; at >= Math.max(0, index - LOOK_BACK); at--) {
    const event = trace.event(at);
    if (event.type !== 'pass') continue;
    if (event.ended <= ready) break;
    add(event.runner, Math.min(event.ended, started) - Math.max(event.started, ready));
  }
  for (const number of trace.running()) {
    const open = trace.openPass(number);
    add(open.runner, started - Math.max(open.started, ready));
  }
  return [...held].map(([runner, us]) => ({ runner, us })).sort((a, b) => b.us - a.us);
}

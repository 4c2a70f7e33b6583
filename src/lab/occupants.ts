import type { PassEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A runner whose passes had a worker, and for how long. */
export interface Occupant {
  readonly runner: string;
  readonly us: number;
}

/** Events are in the order of their ends, and so many are looked at: in a long wait these are the last of it. */
const LOOK_BACK = 5_000;

/**
 * Which runners the workers were with while a pass waited for one, those that held them longest first. Passes that
 * had not ended when this one did are not among them.
 * @param index number of the pass's event in the trace
 */
export function occupantsOf(trace: TraceLog, { ready, started }: PassEvent, index: number): Occupant[] {
  const held = new Map<string, number>();
  for (let at = index - 1; at >= Math.max(0, index - LOOK_BACK); at--) {
    const event = trace.event(at);
    if (event.type !== 'pass') continue;
    if (event.ended <= ready) break;
    const us = Math.min(event.ended, started) - Math.max(event.started, ready);
    if (us > 0) held.set(event.runner, (held.get(event.runner) ?? 0) + us);
  }
  return [...held].map(([runner, us]) => ({ runner, us })).sort((a, b) => b.us - a.us);
}

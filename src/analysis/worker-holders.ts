import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A runner whose passes had a worker, and for how long. */
export interface WorkerHolder {
  readonly runner: string;
  readonly us: number;
  /** The part of it spent in calls to the Actions service. */
  readonly actionsUs: number;
}

/** When a pass waited for a worker of its controller. */
interface Waited {
  readonly ready?: number;
  readonly started?: number;
  readonly controller?: string;
}

/** Events are in the order of their ends, and at most this many are read: in a long wait these are its last. */
const LOOK_BACK = 5_000;

/**
 * The runners that held the workers while a pass waited, longest first: the passes of its controller that
 * have ended before it, and those that have not ended at all. None where it is not known when the pass waited.
 * @param index number of the pass's event in the trace
 */
export function workerHoldersOf(
  trace: TraceLog,
  { ready = NaN, started = NaN, controller }: Waited,
  index: number,
): WorkerHolder[] {
  const { passes, strings, words } = trace.rows;
  const own = controller === undefined ? NaN : (words.find(controller) ?? NaN);
  // Each controller has workers of its own; where it is not known whose they are, there is one controller.
  const isOther = (pass: number): boolean => {
    const of = passes.controller.get(pass);
    return !Number.isNaN(own) && !Number.isNaN(of) && of !== own;
  };
  const held = new Map<number, Omit<WorkerHolder, 'runner'>>();
  const add = (pass: number, untilUs: number): void => {
    const us = untilUs - Math.max(passes.span.startedUs(pass), ready);
    const object = passes.object.get(pass);
    const before = held.get(object) ?? { us: 0, actionsUs: 0 };
    const actionsUs = before.actionsUs + actionsUsOf(trace, pass, ready, untilUs);
    if (us > 0) held.set(object, { us: before.us + us, actionsUs });
  };
  for (let at = index - 1; at >= Math.max(0, index - LOOK_BACK); at--) {
    const pass = trace.passAt(at);
    if (pass === NONE) continue;
    const endedUs = passes.span.endedUs(pass);
    if (endedUs <= ready) break;
    if (!isOther(pass)) add(pass, Math.min(endedUs, started));
  }
  for (const pass of trace.running()) if (!isOther(pass)) add(pass, started);
  return [...held].map(([object, times]) => ({ runner: strings.text(object), ...times })).sort((a, b) => b.us - a.us);
}

/** How long, between two times, a pass was with calls of the Actions service, one without an answer yet included. */
function actionsUsOf({ rows: { passes, requests } }: TraceLog, pass: number, fromUs: number, untilUs: number): number {
  let us = 0;
  for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
    if (requests.to.get(request) !== 1) continue;
    const endedUs = requests.span.endedUs(request);
    const lastUs = Number.isNaN(endedUs) ? untilUs : Math.min(endedUs, untilUs);
    us += Math.max(0, lastUs - Math.max(requests.sentUs(request), fromUs)) || 0;
  }
  return us;
}

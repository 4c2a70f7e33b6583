import { attachedRun, LoopWatch } from './loop-watch.ts';
import type { Loop, RunEnd } from './run-end.ts';
import type { AttachedRun } from './start-attached.ts';

/** Nothing is left to do when nothing has happened for this long, */
const QUIET_MS = 1_000;
/** and nothing but loops when nothing has changed for this long. */
const PATIENCE_US = 60_000_000;
const LOOK_EVERY_MS = 50;

/** Waits until nothing is queued, delayed or in progress on a remote cluster, or nothing but the same passes comes round. */
export async function quiet(run: AttachedRun): Promise<RunEnd> {
  const looping = attachedRun(run);
  const { queue } = looping.controller;
  let loops: readonly Loop[] | undefined;
  const watch = new LoopWatch(run.clock, looping, PATIENCE_US, (found) => (loops = found));
  let quietSinceMs = Date.now();
  let events = -1;
  for (;;) {
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    if (looping.hasMoreToCome() || queue.delayedLength > 0 || events !== run.trace.length) quietSinceMs = Date.now();
    events = run.trace.length;
    const isQuiet = Date.now() - quietSinceMs >= QUIET_MS;
    if (!isQuiet && loops === undefined) continue;
    watch.dispose();
    return loops === undefined ? { kind: 'quiet' } : { kind: 'not-quiet', loops };
  }
}

import type { AttachedLab } from '../run/attached-lab.ts';
import { attachedRun, LoopWatch } from '../run/loop-watch.ts';
import { endText, type Loop } from '../run/run-end.ts';

/** Nothing is left to do when nothing has happened for this long, */
const IDLE_MS = 1_000;
/** and nothing but loops when nothing has changed for this long. */
const PATIENCE_US = 60_000_000;
const LOOK_MS = 50;

/**
 * Waits until nothing is queued, delayed or in progress on the cluster, or nothing but the same passes comes round.
 * @returns why it is not quiet though nothing new will happen; empty when nothing is left to do
 */
export async function attachedIdle(lab: AttachedLab): Promise<string> {
  const run = attachedRun(lab);
  const { queue } = run.controller;
  let loops: readonly Loop[] | undefined;
  const watch = new LoopWatch(lab.clock, run, PATIENCE_US, (found) => (loops = found));
  let quietSinceMs = Date.now();
  let events = -1;
  for (;;) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    if (run.hasMoreToCome() || queue.delayedLength > 0 || events !== lab.trace.length) quietSinceMs = Date.now();
    events = lab.trace.length;
    const isQuiet = Date.now() - quietSinceMs >= IDLE_MS;
    if (!isQuiet && loops === undefined) continue;
    watch.dispose();
    return loops === undefined ? '' : endText({ kind: 'not-quiet', loops });
  }
}

import { POD_STATES, RUNNER_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * The runners, by namespace/name, that have done their job: their phase or their pod says so. Since 0.13 such a runner is
 * deleted without ever having the phase.
 */
export function finishedRunners({ rows: { objects, words, strings } }: TraceLog): ReadonlySet<string> {
  const finished = new Set<string>();
  for (let row = 0; row < objects.object.length; row++) {
    if (words.textOf(objects.kind.get(row)) !== RUNNER_KIND) continue;
    const isDone =
      words.textOf(objects.phase.get(row)) === 'Succeeded' || POD_STATES[objects.pod.get(row)] === 'succeeded';
    if (isDone) finished.add(strings.text(objects.object.get(row)));
  }
  return finished;
}

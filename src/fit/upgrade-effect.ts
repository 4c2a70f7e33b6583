import { formatDuration } from '../base/duration.ts';
import type { Explanation } from '../evidence/explain.ts';
import { count } from '../evidence/words.ts';
import { fitLog } from './log-fit.ts';

/**
 * What another release would make of the largest burst of a log, in one sentence: the same load simulated again with it.
 * @param mode id of a release
 */
export async function upgradeEffect(explanation: Explanation, mode: string, version: string): Promise<string> {
  const { simulation } = await fitLog(explanation);
  if (simulation === undefined)
    return 'The log shows no burst of 5 to 1,000 runners from its beginning: no effect on it can be simulated.';
  if (!simulation.isClose) return 'No run of ours comes near the burst in the log: no effect on it can be simulated.';
  const { observed, run, search } = simulation.fit;
  const seenUs = (observed.curves.pod.at(-1) ?? 0) + observed.clockUs / 2;
  const after = await search.run({ ...run.settings, mode });
  const afterUs = (seenUs * (after.podsUs.at(-1) ?? Number.POSITIVE_INFINITY)) / (run.podsUs.at(-1) ?? 1);
  const runners = count(observed.curves.pod.length, 'runner');
  return `In the burst of ${runners} in the log the last pod came after ${formatDuration(Math.round(seenUs))}; with ${version} it would come after about ${formatDuration(Math.round(afterUs))}, by simulation.`;
}

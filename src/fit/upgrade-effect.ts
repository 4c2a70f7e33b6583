import { t } from '@vscode/l10n';
import { formatAge, formatDuration } from '../base/duration.ts';
import type { Explanation } from '../evidence/explain.ts';
import { WHOLE_SECOND_US } from '../evidence/moment.ts';
import { count } from '../evidence/words.ts';
import { fitLog } from './log-fit.ts';
import type { Simulating } from './search.ts';

/**
 * What another release would make of the largest burst of a log, in one sentence: the same load simulated again with it.
 * @param mode id of a release
 * @throws SimulationCancelled
 */
export async function upgradeEffect(
  explanation: Explanation,
  mode: string,
  version: string,
  simulating: Simulating,
): Promise<string> {
  const { isController, lastRunnerLine } = explanation.reading;
  if (!isController && lastRunnerLine === undefined)
    return t("What was given with --log is no controller's log: no effect on it can be simulated.");
  const { simulation } = await fitLog(explanation, simulating);
  if (simulation === undefined)
    return t('The log shows no burst of 5 to 1,000 runners from its beginning: no effect on it can be simulated.');
  if (!simulation.isClose)
    return t('No run of ours comes near the burst in the log: no effect on it can be simulated.');
  const { observed, run, search } = simulation.fit;
  const seenUs = (observed.curves.pod.at(-1) ?? 0) + observed.clockUs / 2;
  const after = await search.run({ ...run.settings, mode });
  const afterUs = (seenUs * (after.podsUs.at(-1) ?? Number.POSITIVE_INFINITY)) / (run.podsUs.at(-1) ?? 1);
  const runners = count(observed.curves.pod.length, 'runner');
  return t(
    'In the burst of {0} in the log the last pod came after {1}; with {2} it would come after about {3}, by simulation.',
    runners,
    // Whole seconds hide up to one at each end.
    observed.clockUs >= WHOLE_SECOND_US ? aboutText(seenUs) : formatDuration(Math.round(seenUs)),
    version,
    aboutText(afterUs),
  );
}

/** A simulation is no more exact than two digits: `57 s`, `1.3 s`, `340 ms`. */
function aboutText(us: number): string {
  const seconds = us / 1e6;
  if (seconds >= 10) return formatAge(Math.round(seconds) * 1e6);
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${Math.round(us / 1e4) * 10} ms`;
}

import { t } from '@vscode/l10n';
import { formatAge } from '../base/duration.ts';
import type { SlowBurst } from '../evidence/burst-cause.ts';
import type { Explanation } from '../evidence/explain.ts';
import type { Reading } from '../evidence/reading.ts';
import { count, spanText } from '../evidence/words.ts';
import { loggedAs } from '../reconciler/releases/logged-as.ts';
import { lastPodUs } from './gain.ts';
import { burstToFit, fitLog } from './log-fit.ts';
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
  const { run, search } = simulation.fit;
  const after = await search.run({ ...run.settings, mode });
  const afterUs =
    (lastPodUs(simulation.fit) * (after.podsUs.at(-1) ?? Number.POSITIVE_INFINITY)) / (run.podsUs.at(-1) ?? 1);
  return t(
    '{0}; with {1} it would come after about {2}, by simulation.',
    cameText(explanation.reading, simulation.slow),
    version,
    aboutText(afterUs),
  );
}

/** `In the burst of 100 runners in the log the last pod came after 21 s`, as `arc-lab why` counts it. */
function cameText(reading: Reading, { burst, waitUs }: SlowBurst): string {
  return t(
    'In the burst of {0} in the log the last pod came after {1}',
    count(burst.runners.length + burst.waiting.length, 'runner'),
    spanText(reading, waitUs),
  );
}

/**
 * What a log that the wanted version itself has written shows of it, in a sentence: nothing has to be simulated. Undefined where
 * another may have written it.
 * @param from name of the version that runs
 * @param to name of the wanted one
 */
export function wantedShown(explanation: Explanation, from: string, to: string): string | undefined {
  const { slow } = burstToFit(explanation);
  const release = slow?.release ?? explanation.release;
  if (slow === undefined || release === undefined) return undefined;
  const isOnly = release.versions.every((version) => loggedAs(to).includes(version));
  const mayBeOther = from !== to && release.versions.some((version) => loggedAs(from).includes(version));
  if (!isOnly || mayBeOther) return undefined;
  return t('{0} wrote the log, so nothing is simulated. {1}.', to, cameText(explanation.reading, slow));
}

/** A simulation is no more exact than two digits: `57 s`, `1.3 s`, `340 ms`. */
function aboutText(us: number): string {
  const seconds = us / 1e6;
  if (seconds >= 10) return formatAge(Math.round(seconds) * 1e6);
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${Math.round(us / 1e4) * 10} ms`;
}

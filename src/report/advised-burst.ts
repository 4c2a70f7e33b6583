import { t } from '@vscode/l10n';
import { capital } from '../base/capital.ts';
import { inWords, runnersText, thousands } from '../base/count-words.ts';
import { visibleText } from '../base/visible-text.ts';
import type { SlowBurst } from '../evidence/burst-cause.ts';
import { burstsOf } from '../evidence/bursts.ts';
import { inputName } from '../evidence/evidence-error.ts';
import type { Explanation } from '../evidence/explain.ts';
import { missingWayLine } from '../evidence/way-lines.ts';
import { clock } from '../evidence/words.ts';
import { versionNameOf } from '../explain/release-words.ts';
import { FEWEST, MOST, type Simulation } from '../fit/log-fit.ts';
import { releasesOf } from '../fit/releases.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { standInTexts } from './stand-in-text.ts';
import { offText } from './why-fit.ts';
import { versionsText } from './why-text.ts';

/** The first few bursts that were not taken are named; the others are counted. */
const NAMED = 3;

/**
 * Where the settings come from that logs tell, and how near the simulation of them comes, a sentence each.
 * @param said the release, where somebody said which it is
 */
export function sourceText(explanation: Explanation, simulation: Simulation, said?: string): string[] {
  const { burst } = simulation.slow;
  const file = fileOf(explanation, simulation.slow);
  const others = explanation.bursts.filter((one) => one.burst !== burst);
  const off = offText(simulation);
  const source =
    others.length === 0
      ? t('The settings are those that {0} tells; the simulation of them {1}.', file, off)
      : t(
          'The settings are those of {0}, {1}; the simulation of them {2}.',
          burstText(explanation, simulation.slow),
          simulation.isFound ? t('the first that arc-lab why finds something wrong with') : t('which took the longest'),
          off,
        );
  const left = others.length === 0 ? [] : [leftText(explanation, others)];
  const assumed = said === undefined ? assumedText(simulation) : '';
  const release = assumed === '' ? [] : [`${assumed} ${t('--mode says which it is.')}`];
  return [source, ...left, ...release, ...standInTexts(simulation)].map(visibleText);
}

/** That a log leaves open which release wrote it, and which was taken, in sentences; empty where it tells. */
export function assumedText({ slow: { release }, fit }: Simulation): string {
  if (releasesOf(release).length < 2) return '';
  const named = versionNameOf(fit.run.settings.mode);
  return release === undefined
    ? t('No line tells the release: {0} is assumed, which comes nearest.', named)
    : t('The log fits {0}: {1} is assumed, which comes nearest.', versionsText(release), named);
}

/** Why a release cannot have written a log's burst, as a part of a sentence; undefined where it can. */
export function notItsReleaseText({ release }: SlowBurst, named: string): string | undefined {
  if (release === undefined) return undefined;
  const version = named.replace(/^v/, '');
  const mayBe = RELEASES.published.includes(version)
    ? release.versions.includes(version)
    : releasesOf(release).includes(RELEASES.listedOf(RELEASES.get(named).id));
  return mayBe ? undefined : t('{0} did not write this log, which fits {1}', named, versionsText(release));
}

/** Why none of the bursts of logs can be simulated, in a sentence. */
export function noBurstText(explanation: Explanation): string {
  const { reading, verdict } = explanation;
  const found = explanation.findings.find(({ burst }) => burst !== undefined)?.burst;
  const slow = found ?? explanation.bursts[0];
  if (slow === undefined) {
    return burstsOf(reading).length === 0 ? t('No runner gets a pod in it.') : verdict;
  }
  const named = capital(burstText(explanation, slow));
  const missing = missingWayLine(reading);
  if (missing !== undefined) return t('No line says "{0}", which every runner with a pod has.', missing);
  if (reading.isShuffled) return t('Its lines of one second are not in the order in which they were written.');
  if (slow.burst.isCut) return t('{0} began before the log does.', named);
  return slow.burst.runners.length < FEWEST
    ? t('{0} is too small: {1} or more tell the settings.', named, runnersText(FEWEST))
    : t('{0} is too large: up to {1} are simulated.', named, runnersText(thousands(MOST)));
}

function leftText(explanation: Explanation, others: readonly SlowBurst[]): string {
  const named = others.slice(0, NAMED).map((one) => burstText(explanation, one));
  const further = others.length - named.length;
  const all = inWords(further === 0 ? named : [...named, further === 1 ? t('one other') : t('{0} others', further)]);
  return t('Not taken: {0}.', all);
}

/** `the burst of 300 runners from 07:06:52 to 07:08:16 in controller.log` */
function burstText(explanation: Explanation, slow: SlowBurst): string {
  const { runners, waiting, start, lastPod } = slow.burst;
  const count = runnersText(thousands(runners.length + waiting.length));
  return t('the burst of {0} from {1} to {2} in {3}', count, clock(start), clock(lastPod), fileOf(explanation, slow));
}

function fileOf({ files }: Explanation, { burst }: SlowBurst): string {
  return inputName(files[burst.start.source]?.file ?? '');
}

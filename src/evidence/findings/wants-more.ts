import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading, SetHistory } from '../reading.ts';
import type { Seen } from '../seen.ts';
import { clock, spanText } from '../words.ts';

/** Its listener asks again at least every minute; with a new number, or none, the set makes runners at once. */
const LONG_US = 120e6;

/** Sets that want more runners than they have, and make none. */
export const wantsMore: Rule = (reading) =>
  [...reading.sets.values()].flatMap((set): Finding[] => {
    const { shortSince, compared, name, namespace } = set;
    const us = shortSince === undefined ? 0 : reading.latestUs - shortSince.at.us;
    // What keeps it from making them is said where its passes fail.
    const isExplained = reading.otherErrors.has(`EphemeralRunnerSet ${namespace}/${name}`);
    if (shortSince === undefined || compared === undefined || us < LONG_US || isExplained) return [];
    // Each pass counts the set's runners before it compares: without that line, those of what it makes may be missing as well.
    if (set.counts === undefined || isMade(reading, set, shortSince)) return [];
    return [
      {
        id: 'wants-more',
        severity: 'error',
        sentence: t(
          'Set {0} wants {1}, has {2} and has made none for {3}, since {4}.',
          ...[name, runnersText(thousands(set.desired ?? 0)), thousands(set.current ?? 0), spanText(reading, us)],
          clock(shortSince),
        ),
        details: [t('No line reports an error of it.')],
        runners: [],
        evidence: [
          { at: shortSince, says: says(set) },
          ...(compared.line === shortSince.line ? [] : [{ at: compared, says: t('the same, the last time') }]),
        ],
        confidence: 'likely',
        advice: t(
          'A set makes runners when its listener asks with a new patchID, or with 0: see that the listener of this scale set runs, and what its log says; delete its pod where it is silent.',
        ),
        weightUs: us,
      },
    ];
  });

/** Whether it has made a runner after a moment: one begins then, or lines are about more than it has. */
function isMade({ runners }: Reading, { name, namespace, current = 0 }: SetHistory, since: Seen): boolean {
  const own = [...runners.values()].filter(
    (runner) =>
      runner.lastUs > since.at.us &&
      (runner.set === name || runner.name.startsWith(`${name}-runner-`)) &&
      (runner.namespace === namespace || runner.namespace === ''),
  );
  return own.length > current || own.some(({ startsInLife, first }) => !startsInLife && first.at.us > since.at.us);
}

function says({ current, desired }: SetHistory): string {
  return `Scaling comparison: current ${current ?? '?'}, desired ${desired ?? '?'}`;
}

import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import type { AboveMaximum, ListenerHistory } from '../listener-history.ts';
import type { Reading } from '../reading.ts';
import { spanText } from '../words.ts';

const LONG_US = 30e6;

/** More jobs are assigned than the scale set may have runners. */
export const atMaximum: Rule = (reading) =>
  [...reading.listeners.values()].flatMap((listener) => {
    const { above } = listener;
    const isLong = above !== undefined && above.times > 1 && above.last.at.us - above.since.at.us >= LONG_US;
    return isLong ? [finding(reading, listener, above)] : [];
  });

function finding(reading: Reading, { set }: ListenerHistory, above: AboveMaximum): Finding {
  const { since, last, times, max, least, most } = above;
  const us = last.at.us - since.at.us;
  const waited = range(least - max, most - max);
  return {
    id: 'at-maximum',
    severity: 'warning',
    sentence: t(
      '{0} assigned and the maximum is {1}: for {2} {3} waited for a runner to end.',
      counted(most, t('1 job is'), t('{0} jobs are', range(least, most))),
      max,
      spanText(reading, us),
      waited,
    ),
    details: [
      ...(set === undefined ? [] : [t('It is the scale set whose runners are of {0}.', set)]),
      least === most ? t('The same decision came {0} times.', times) : t('{0} decisions in a row say so.', times),
    ],
    runners: [],
    evidence: [
      { at: since, says: 'Calculated target runner count' },
      { at: last, says: least === most ? t('the same again') : t('the last of them') },
    ],
    confidence: 'sure',
    advice: t('Raise maxRunners of the scale set, where the nodes have room for more.'),
    knob: 'maxRunners',
    weightUs: us,
  };
}

function range(least: number, most: number): string {
  return least === most ? thousands(most) : t('{0} to {1}', thousands(least), thousands(most));
}

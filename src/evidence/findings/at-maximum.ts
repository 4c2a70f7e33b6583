import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import type { AboveMaximum, ListenerHistory } from '../listener-history.ts';
import type { Reading } from '../reading.ts';
import { clock, spanText } from '../words.ts';

const LONG_US = 30e6;

/** More jobs are assigned than the scale set may have runners. */
export const atMaximum: Rule = (reading) =>
  [...reading.listeners.values()].flatMap((listener) => {
    const { above } = listener;
    const isLong = above !== undefined && above.times > 1 && above.last.at.us - above.since.at.us >= LONG_US;
    return isLong ? [finding(reading, listener, above)] : [];
  });

function finding(reading: Reading, { set }: ListenerHistory, above: AboveMaximum): Finding {
  const { since, last, end, times, least, most } = above;
  const us = last.at.us - since.at.us;
  return {
    id: 'at-maximum',
    severity: 'warning',
    sentence: sentence(above, spanText(reading, us)),
    details: [
      ...(set === undefined ? [] : [t('It is the scale set whose runners are of {0}.', set)]),
      least === most ? t('The same decision came {0} times.', times) : t('{0} decisions in a row say so.', times),
    ],
    runners: [],
    evidence: [
      { at: since, says: 'Calculated target runner count' },
      { at: last, says: least === most ? t('the same again') : t('the last of them') },
      ...(end === undefined ? [] : [{ at: end, says: t('it is over') }]),
    ],
    confidence: 'sure',
    advice: adviceFor(above),
    knob: 'maxRunners',
    weightUs: us,
  };
}

function sentence({ end, max, least, most }: AboveMaximum, span: string): string {
  const jobs = range(least, most);
  const are = counted(most, t('1 job is'), t('{0} jobs are', jobs));
  const were = counted(most, t('1 job was'), t('{0} jobs were', jobs));
  const waited = range(least - max, most - max);
  if (max === 0) {
    return end === undefined
      ? t('{0} assigned and maxRunners is 0: for {1} no runner was made for them.', are, span)
      : t(
          '{0} assigned and maxRunners was 0: for {1}, until {2}, no runner was made for them.',
          were,
          span,
          clock(end),
        );
  }
  return end === undefined
    ? t('{0} assigned and the maximum is {1}: for {2} {3} waited for a runner to end.', are, max, span, waited)
    : t(
        '{0} assigned and the maximum is {1}: for {2}, until {4}, {3} waited for a runner to end.',
        ...[were, max, span, waited, clock(end)],
      );
}

function adviceFor({ end, max }: AboveMaximum): string {
  if (end !== undefined) {
    return t('Nothing to do now. Where it comes often, raise maxRunners of the scale set, if the nodes have room.');
  }
  if (max === 0) return t('With maxRunners 0 the scale set runs no job: raise it, unless it is meant to rest.');
  return t('Raise maxRunners of the scale set, where the nodes have room for more.');
}

function range(least: number, most: number): string {
  return least === most ? thousands(most) : t('{0} to {1}', thousands(least), thousands(most));
}

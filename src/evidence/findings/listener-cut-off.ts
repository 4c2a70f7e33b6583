import { t } from '@vscode/l10n';
import { formatAge } from '../../base/duration.ts';
import type { Finding, Rule } from '../finding.ts';
import type { FailedRequests, ListenerHistory } from '../listener-history.ts';
import type { Reading } from '../reading.ts';
import { lengthUs } from '../seen.ts';
import { clock, firstAndLast, timesOver, withStop } from '../words.ts';
import { adviceForError } from './error-advice.ts';
import { errorReason } from './error-reason.ts';

/** Fewer, between answers, are a matter of every network. */
const FEWEST = 3;
/** Where answers come between them: this part of all requests. */
const MANY = 0.2;
/** A connection that lives longer than this was open and quiet; others were never made. */
const QUIET_US = 5e6;
/** Ends at the same age are somebody's limit. */
const SAME = 1.1;

/** Requests of a listener to GitHub that break off again and again: it hears of no job meanwhile. */
export const listenerCutOff: Rule = (reading) =>
  [...reading.listeners.values()].flatMap((listener) => {
    const { failed, failedInRow, asked } = listener;
    if (failedInRow !== undefined && failedInRow.count >= FEWEST) return [finding(reading, listener, failedInRow)];
    const isOften = failed !== undefined && failed.count >= FEWEST && failed.count >= MANY * (asked?.count ?? 0);
    return isOften ? [finding(reading, listener, failed)] : [];
  });

function finding(reading: Reading, listener: ListenerHistory, failed: FailedRequests): Finding {
  const us = lengthUs(failed);
  const isInRow = failed === listener.failedInRow;
  const goesOn = isInRow && failed === listener.failing;
  const { shortestUs, longestUs } = failed;
  const isQuiet = shortestUs >= QUIET_US;
  const isLimit = isQuiet && longestUs - failed.first.at.withinUs <= shortestUs * SAME;
  const often = timesOver(reading, failed.count, us);
  const reason = errorReason(failed.text);
  return {
    id: 'listener-cut-off',
    severity: goesOn ? 'error' : 'warning',
    sentence: withStop(
      isLimit
        ? t(
            "The listener's request for jobs broke off {0}, each time after {1}: {2}",
            often,
            formatAge(shortestUs),
            reason,
          )
        : isQuiet
          ? t("The listener's request for jobs broke off {0}: {1}", often, reason)
          : t("The listener's requests to GitHub failed {0}: {1}", often, reason),
    ),
    details: [
      goesOn
        ? t('No answer came from then until its log ends: it heard of no job.')
        : isInRow
          ? t(
              'No answer came between {0} and {1}: it heard of no job meanwhile.',
              clock(failed.first),
              clock(failed.last),
            )
          : t('Answers came in between: jobs were heard of late.'),
    ],
    runners: [],
    evidence: firstAndLast(failed),
    confidence: 'sure',
    advice: isQuiet
      ? t(
          'Something on the way to GitHub ends a connection on which nothing is said (proxy, firewall, load balancer, NAT): raise its idle time-out, or let the listener past it.',
        )
      : adviceForError(failed.text, 'listener'),
    weightUs: us,
  };
}

import { t } from '@vscode/l10n';
import { requestsText, thousands } from '../../base/count-words.ts';
import { formatDuration } from '../../base/duration.ts';
import type { Rule } from '../finding.ts';

/** client-go writes of every wait of a second: shorter ones, and less in all, have delayed nobody for long. */
const LONG_US = 2e6;
const MUCH_US = 10e6;

/** client-go says itself that the client's limit held requests back. */
export const throttled: Rule = (reading) => {
  const { first, totalUs, longestUs, count: times } = reading.throttled;
  if (first === undefined) return [];
  const isLong = longestUs >= LONG_US || totalUs >= MUCH_US;
  return [
    {
      id: 'throttled',
      severity: isLong ? 'error' : 'note',
      sentence: t(
        "The Kubernetes client's own limit held back {0}, {1} in all, {2} the longest.",
        requestsText(thousands(times)),
        formatDuration(totalUs),
        formatDuration(longestUs),
      ),
      details: [t('client-go writes only of waits of a second or more, so there may have been others.')],
      runners: [],
      evidence: [{ at: first, says: t('Waited … due to client-side throttling (first)') }],
      confidence: 'sure',
      advice: isLong
        ? t('Raise flags.k8sClientRateLimiterQPS and flags.k8sClientRateLimiterBurst of the controller chart.')
        : t('Nothing to do: it is the usual limit, and the waits were short.'),
      knob: 'flags.k8sClientRateLimiterQPS',
      weightUs: longestUs,
    },
  ];
};

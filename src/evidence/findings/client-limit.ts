import { t } from '@vscode/l10n';
import { requestsText, thousands } from '../../base/count-words.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod } from '../burst-finding.ts';
import { DEFAULT_BURST, DEFAULT_QPS, leastUsAtLimit } from '../request-rates.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lastPodCame, spanText } from '../words.ts';

/** The controller's Kubernetes client may send this many requests a second for each kind of object; runners need most of secrets. */
export function clientLimit(reading: Reading, slow: SlowBurst): Finding {
  const { limited } = slow;
  const worst = limited[0] ?? { kind: 'secrets', seconds: 0, requests: 0 };
  return burstFinding(slow, {
    id: 'client-limit',
    sentence: t(
      "{0} because requests for {1} ran at the Kubernetes client's limit of {2} a second.",
      lastPodCame(reading, slow),
      worst.kind,
      DEFAULT_QPS,
    ),
    details: [
      t(
        'The lines stand for about {0} for {1}, which takes no less than {2} at {3} a second and {4} at once.',
        requestsText(thousands(worst.requests)),
        worst.kind,
        spanText(reading, leastUsAtLimit(worst.requests)),
        DEFAULT_QPS,
        DEFAULT_BURST,
      ),
      ...limited
        .slice(1)
        .flatMap(({ kind, seconds, requests }) =>
          seconds === 0
            ? []
            : [
                t(
                  'Requests for {0}, about {1}, ran at the limit for {2} s.',
                  kind,
                  requests.toLocaleString('en'),
                  seconds,
                ),
              ],
        ),
      t('Each kind of object has its own limit. What it is set to is not in the log; the rate is.'),
    ],
    evidence: fromStartToLastPod(slow),
    confidence: 'likely',
    advice: t(
      'Raise flags.k8sClientRateLimiterQPS and flags.k8sClientRateLimiterBurst of the controller chart (since 0.10).',
    ),
    knob: 'flags.k8sClientRateLimiterQPS',
  });
}

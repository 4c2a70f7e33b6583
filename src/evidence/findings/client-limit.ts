import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod } from '../burst-finding.ts';
import { DEFAULT_BURST, DEFAULT_QPS } from '../request-rates.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { count, lastPodCame, spanText } from '../words.ts';

/** The controller's Kubernetes client may send this many requests a second for each kind of object; runners need most of secrets. */
export function clientLimit(reading: Reading, slow: SlowBurst): Finding {
  const { limited } = slow;
  const worst = limited[0] ?? { kind: 'secrets', seconds: 0, requests: 0 };
  const floorUs = Math.max(0, ((worst.requests - DEFAULT_BURST) / DEFAULT_QPS) * 1e6);
  return burstFinding(slow, {
    id: 'client-limit',
    sentence: `${lastPodCame(reading, slow)} because requests for ${worst.kind} ran at the Kubernetes client's limit of ${DEFAULT_QPS} a second.`,
    details: [
      `The lines stand for about ${count(worst.requests, 'request')} for ${worst.kind}, which takes no less than ${spanText(reading, floorUs)} at ${DEFAULT_QPS} a second and ${DEFAULT_BURST} at once.`,
      ...limited
        .slice(1)
        .flatMap(({ kind, seconds, requests }) =>
          seconds === 0
            ? []
            : [`Requests for ${kind}, about ${requests.toLocaleString('en')}, ran at the limit for ${seconds} s.`],
        ),
      'Each kind of object has its own limit. What it is set to is not in the log; the rate is.',
    ],
    evidence: fromStartToLastPod(slow),
    confidence: 'likely',
    advice:
      'Raise flags.k8sClientRateLimiterQPS and flags.k8sClientRateLimiterBurst of the controller chart (since 0.10).',
    knob: 'flags.k8sClientRateLimiterQPS',
  });
}

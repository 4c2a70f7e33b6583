import { ACTIONS_LOCK, LOCK_SINCE, NO_LOCK_UNTIL } from '../../reconciler/releases/actions-lock.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod, workersSeen } from '../burst-finding.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { count, lastPodCame, meanText } from '../words.ts';

/** JIT calls are the cause; whether a lock or the workers hold them back depends on a release that the log does not tell. */
export function lockOrWorkers(reading: Reading, slow: SlowBurst): Finding {
  const { burst, workers, jitMeanUs, jitEveryUs } = slow;
  return burstFinding(slow, {
    id: 'lock-or-workers',
    sentence: `${lastPodCame(reading, slow)} because of ${count(burst.runners.length, 'JIT call')} of ${meanText(jitMeanUs)} on ${count(workers, 'worker')}.`,
    details: [
      `One call ended every ${meanText(jitEveryUs)}. The release is ${slow.release?.text ?? 'unknown'}, and what holds the calls back depends on it.`,
      `Up to ${NO_LOCK_UNTIL} each worker makes its own calls; since ${LOCK_SINCE} (#${ACTIONS_LOCK}) all wait for one lock.`,
      ...workersSeen(slow),
    ],
    evidence: fromStartToLastPod(slow),
    confidence: 'likely',
    advice: `It depends on the release. Up to ${NO_LOCK_UNTIL}: raise flags.runnerMaxConcurrentReconciles of the controller chart. Since ${LOCK_SINCE}: no setting of the chart helps; split the load over two credentials. The image tag of the controller tells which.`,
    knob: 'flags.runnerMaxConcurrentReconciles',
  });
}

import { t } from '@vscode/l10n';
import { jitCallsText, workersText } from '../../base/count-words.ts';
import { ACTIONS_LOCK, LOCK_SINCE, NO_LOCK_UNTIL } from '../../reconciler/releases/actions-lock.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod, workersSeen } from '../burst-finding.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lastPodCame, meanText } from '../words.ts';

/** JIT calls are the cause; whether a lock or the workers hold them back depends on a release that the log does not tell. */
export function lockOrWorkers(reading: Reading, slow: SlowBurst): Finding {
  const { burst, workers, jitMeanUs, jitEveryUs } = slow;
  return burstFinding(slow, {
    id: 'lock-or-workers',
    sentence: t(
      '{0} because of {1} on {2}, one every {3}.',
      lastPodCame(reading, slow),
      jitCallsText(burst.runners.length),
      workersText(workers),
      meanText(jitEveryUs, burst.runners.length),
    ),
    details: [
      t(
        'A call took {0}, its wait for others included. The release is {1}, and what holds the calls back depends on it.',
        meanText(jitMeanUs),
        slow.release?.text ?? 'unknown',
      ),
      t(
        'Up to {0} each worker makes its own calls; since {1} (#{2}) all wait for one lock.',
        NO_LOCK_UNTIL,
        LOCK_SINCE,
        ACTIONS_LOCK,
      ),
      ...workersSeen(slow),
    ],
    evidence: fromStartToLastPod(slow),
    confidence: 'likely',
    advice: t(
      'It depends on the release. Up to {0}: raise flags.runnerMaxConcurrentReconciles of the controller chart. Since {1}: no setting of the chart helps; split the load over two credentials. The image tag of the controller tells which.',
      NO_LOCK_UNTIL,
      LOCK_SINCE,
    ),
    knob: 'flags.runnerMaxConcurrentReconciles',
  });
}

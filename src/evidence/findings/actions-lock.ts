import { ACTIONS_LOCK, LOCK_SINCE } from '../../reconciler/releases/actions-lock.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod } from '../burst-finding.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { count, lastPodCame, meanText } from '../words.ts';

/** Calls of one client to the Actions service run one at a time in the releases that have the lock. */
export function actionsLock(reading: Reading, slow: SlowBurst): Finding {
  const { burst, jitEveryUs, jitMeanUs } = slow;
  const waitedUs = Math.max(0, jitMeanUs - jitEveryUs);
  const atOnce = burst.process.mostJitCallsAtOnce;
  return burstFinding(slow, {
    id: 'actions-lock',
    sentence: `${lastPodCame(reading, slow)} because ${count(burst.runners.length, 'JIT call')} ran one at a time, one every ${meanText(jitEveryUs)}.`,
    details: [
      `From "Creating" to "Created ephemeral runner JIT config" took ${meanText(jitMeanUs)} on average${atOnce < 2 ? '' : `, about ${meanText(waitedUs)} of it waiting for other runners' calls; up to ${atOnce} waited at once`}.`,
      `Since ARC ${LOCK_SINCE} (#${ACTIONS_LOCK}) one lock is held through each call to the Actions service.`,
    ],
    evidence: fromStartToLastPod(
      slow,
      ...(burst.lastRegistration === undefined ? [] : [{ at: burst.lastRegistration, says: 'the last JIT call ends' }]),
    ),
    confidence: 'sure',
    advice:
      'No setting of the chart helps: more workers would wait for the same lock. Split the load over two credentials, which are two clients, or ask why JIT calls take so long.',
  });
}

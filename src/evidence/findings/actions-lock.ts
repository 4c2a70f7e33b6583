import { t } from '@vscode/l10n';
import { jitCallsText } from '../../base/count-words.ts';
import { ACTIONS_LOCK, LOCK_SINCE } from '../../reconciler/releases/actions-lock.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod } from '../burst-finding.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lastPodCame, meanText } from '../words.ts';

/** Calls of one client to the Actions service run one at a time in the releases that have the lock. */
export function actionsLock(reading: Reading, slow: SlowBurst): Finding {
  const { burst, jitEveryUs, jitMeanUs } = slow;
  // What is left of the one after the other, as both are shown.
  const [mean, every] = [hundredths(jitMeanUs), hundredths(jitEveryUs)];
  const atOnce = burst.process.mostJitCallsAtOnce;
  return burstFinding(slow, {
    id: 'actions-lock',
    sentence: t(
      '{0} because {1} ran one at a time, one every {2}.',
      lastPodCame(reading, slow),
      jitCallsText(burst.runners.length),
      meanText(jitEveryUs, burst.runners.length),
    ),
    details: [
      atOnce < 2
        ? t('From "Creating" to "Created ephemeral runner JIT config" took {0} on average.', meanText(jitMeanUs))
        : t(
            'From "Creating" to "Created ephemeral runner JIT config" took {0} on average, about {1} of it waiting for other runners\' calls; up to {2} waited at once.',
            secondsText(mean),
            secondsText(Math.max(0, mean - every)),
            atOnce,
          ),
      t('Since ARC {0} (#{1}) one lock is held through each call to the Actions service.', LOCK_SINCE, ACTIONS_LOCK),
    ],
    evidence: fromStartToLastPod(
      slow,
      ...(burst.lastRegistration === undefined
        ? []
        : [{ at: burst.lastRegistration, says: t('the last JIT call ends') }]),
    ),
    confidence: 'sure',
    advice: t(
      'No setting of the chart helps: more workers would wait for the same lock. Split the load over two credentials, which are two clients, or ask why JIT calls take so long.',
    ),
  });
}

function hundredths(us: number): number {
  return Math.round(us / 1e4);
}

function secondsText(ofHundredths: number): string {
  return `${(ofHundredths / 100).toFixed(2)} s`;
}

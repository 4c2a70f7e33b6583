import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../../base/count-words.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding } from '../burst-finding.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lastPodCame, spanText } from '../words.ts';

/** Up to 0.9.3 a pass does one step, and the queue lets all runners register before the first one makes its pod. */
export function registrationsFirst(reading: Reading, slow: SlowBurst): Finding {
  const { burst } = slow;
  const firstUs = burst.firstPod.at.us - burst.start.at.us;
  return burstFinding(slow, {
    id: 'registrations-first',
    sentence: t(
      'The first pod came after {0} because {1} registered before any pod was made.',
      spanText(reading, firstUs),
      runnersText(thousands(burst.registeredBeforeFirstPod)),
    ),
    details: [
      `${lastPodCame(reading, slow)}.`,
      t('Up to ARC 0.9.3 each pass does one step, and a runner that has registered goes to the end of the queue.'),
    ],
    evidence: [
      { at: burst.start, says: t('the burst begins') },
      ...(burst.lastRegistration === undefined
        ? []
        : [{ at: burst.lastRegistration, says: t('the last of them registers') }]),
      { at: burst.firstPod, says: t('the first pod is made') },
    ],
    confidence: 'sure',
    advice: t('Upgrade to ARC 0.10.1 or later: one pass then registers a runner and makes its pod (#3831).'),
  });
}

import { t } from '@vscode/l10n';
import { jitCallsText } from '../../base/count-words.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, lastPodSays } from '../burst-finding.ts';
import { partsOf } from '../bursts.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lastPodCame, meanText, spanText } from '../words.ts';

/** The Actions service answers JIT calls slowly. */
export function serviceSlow(reading: Reading, slow: SlowBurst): Finding {
  const { burst, jitMeanUs, jitEveryUs } = slow;
  const isLocked = slow.release?.hasLock === true && burst.process.mostJitCallsAtOnce > 1;
  const calls = burst.runners
    .flatMap((runner) => partsOf(runner).filter(({ doing }) => doing === 'jit'))
    .sort((a, b) => b.us - a.us);
  const slowest = calls[0];
  return burstFinding(slow, {
    id: 'service-slow',
    sentence: sentence(
      lastPodCame(reading, slow),
      burst.runners.length,
      meanText(isLocked ? jitEveryUs : jitMeanUs, burst.runners.length),
      isLocked,
    ),
    details: slowest === undefined ? [] : [t('The longest took {0}, waiting included.', spanText(reading, slowest.us))],
    evidence: [
      ...(slowest === undefined
        ? []
        : [
            { at: slowest.from, says: t('the longest JIT call begins') },
            { at: slowest.until, says: t('it ends') },
          ]),
      { at: burst.lastPod, says: lastPodSays(burst) },
    ],
    confidence: 'sure',
    advice: t(
      'Look at the way to GitHub (proxy, DNS, rate limits) and at githubstatus.com. The log does not tell a slow service from one that fails and is asked again.',
    ),
  });
}

function sentence(came: string, calls: number, took: string, isLocked: boolean): string {
  if (calls === 1) return t('{0} because 1 JIT call took {1} in all.', came, took);
  return isLocked
    ? t('{0} because {1} took {2} each, one at a time.', came, jitCallsText(calls), took)
    : t('{0} because {1} took {2} each.', came, jitCallsText(calls), took);
}

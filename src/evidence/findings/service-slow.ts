import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, lastPodSays } from '../burst-finding.ts';
import { partsOf } from '../bursts.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { count, lastPodCame, meanText, spanText } from '../words.ts';

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
    sentence: `${lastPodCame(reading, slow)} because ${count(burst.runners.length, 'JIT call')} took ${meanText(isLocked ? jitEveryUs : jitMeanUs)} ${burst.runners.length === 1 ? 'in all' : 'each'}${isLocked ? ', one at a time' : ''}.`,
    details: slowest === undefined ? [] : [`The longest took ${spanText(reading, slowest.us)}, waiting included.`],
    evidence: [
      ...(slowest === undefined
        ? []
        : [
            { at: slowest.from, says: 'the longest JIT call begins' },
            { at: slowest.until, says: 'it ends' },
          ]),
      { at: burst.lastPod, says: lastPodSays(burst) },
    ],
    confidence: 'sure',
    advice:
      'Look at the way to GitHub (proxy, DNS, rate limits) and at githubstatus.com. The log does not tell a slow service from one that fails and is asked again.',
  });
}

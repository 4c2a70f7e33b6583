import type { SlowBurst } from '../burst-cause.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { releaseOf } from '../release.ts';
import { count, lastPodCame, meanText, startOf } from '../words.ts';

/** JIT calls are the cause; whether a lock or the workers hold them back depends on a release that the log does not tell. */
export function lockOrWorkers(reading: Reading, slow: SlowBurst): Finding {
  const { burst, waitUs, workers, isWorkersKnown, jitMeanUs, jitEveryUs } = slow;
  return {
    id: 'lock-or-workers',
    severity: 'error',
    sentence: `${lastPodCame(reading, slow)} because of ${count(burst.runners.length, 'JIT call')} of ${meanText(jitMeanUs)} on ${count(workers, 'worker')}.`,
    details: [
      `One call ended every ${meanText(jitEveryUs)}. The release is ${releaseOf(reading)?.text ?? 'unknown'}, and what holds the calls back depends on it.`,
      'Up to 0.13.1 each worker makes its own calls; since 0.14.0 (#4390) all wait for one lock.',
      ...(isWorkersKnown
        ? []
        : [
            `The log does not say how many workers there are; ${workers} ${workers === 1 ? 'was' : 'were'} seen at once.`,
          ]),
    ],
    runners: burst.runners.map(({ name }) => name),
    evidence: [
      { at: burst.start, says: startOf(slow) },
      { at: burst.lastPod, says: 'the last pod is made' },
    ],
    confidence: 'likely',
    advice:
      'It depends on the release. Up to 0.13.1: raise flags.runnerMaxConcurrentReconciles of the controller chart. Since 0.14.0: no setting of the chart helps; split the load over two credentials. The image tag of the controller tells which.',
    knob: 'flags.runnerMaxConcurrentReconciles',
    weightUs: waitUs,
  };
}

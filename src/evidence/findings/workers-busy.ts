import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod, workersSeen } from '../burst-finding.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { count, lastPodCame, meanText } from '../words.ts';

/** Each worker is held through its runner's JIT call; the others wait for a worker. */
export function workersBusy(reading: Reading, slow: SlowBurst): Finding {
  const { burst, workers, isWorkersKnown, jitMeanUs } = slow;
  return burstFinding(slow, {
    id: 'workers-busy',
    sentence: `${lastPodCame(reading, slow)} because ${count(workers, 'worker')} made ${count(burst.runners.length, 'JIT call')} of ${meanText(jitMeanUs)} one after another.`,
    details: isWorkersKnown
      ? [`The controller started with ${count(workers, 'worker')} for runners.`]
      : workersSeen(slow),
    evidence: fromStartToLastPod(
      slow,
      ...(burst.process.workers === undefined ? [] : [{ at: burst.process.workers.at, says: 'the number of workers' }]),
    ),
    confidence: isWorkersKnown ? 'sure' : 'likely',
    advice:
      'Raise flags.runnerMaxConcurrentReconciles of the controller chart (since 0.10). Do it before an upgrade to 0.14 or later, where the calls run one at a time whatever it is.',
    knob: 'flags.runnerMaxConcurrentReconciles',
  });
}

import type { SlowBurst } from '../burst-cause.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { count, lastPodCame, meanText, startOf } from '../words.ts';

/** Each worker is held through its runner's JIT call; the others wait for a worker. */
export function workersBusy(reading: Reading, slow: SlowBurst): Finding {
  const { burst, waitUs, workers, isWorkersKnown, jitMeanUs } = slow;
  return {
    id: 'workers-busy',
    severity: 'error',
    sentence: `${lastPodCame(reading, slow)} because ${count(workers, 'worker')} made ${count(burst.runners.length, 'JIT call')} of ${meanText(jitMeanUs)} one after another.`,
    details: [
      isWorkersKnown
        ? `The controller started with ${count(workers, 'worker')} for runners.`
        : `The log does not say how many workers there are; ${workers} were seen at once.`,
    ],
    runners: burst.runners.map(({ name }) => name),
    evidence: [
      { at: burst.start, says: startOf(slow) },
      ...(reading.workers === undefined ? [] : [{ at: reading.workers.at, says: 'the number of workers' }]),
      { at: burst.lastPod, says: 'the last pod is made' },
    ],
    confidence: isWorkersKnown ? 'sure' : 'likely',
    advice:
      'Raise flags.runnerMaxConcurrentReconciles of the controller chart (0.10 to 0.13; since 0.14 the calls run one at a time whatever it is).',
    knob: 'flags.runnerMaxConcurrentReconciles',
    weightUs: waitUs,
  };
}

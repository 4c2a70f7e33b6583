import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod, workersSeen } from '../burst-finding.ts';
import type { Burst } from '../bursts.ts';
import type { Finding } from '../finding.ts';
import type { Doing } from '../messages.ts';
import type { Reading } from '../reading.ts';
import { count, lastPodCame, meanText, spanText } from '../words.ts';

/** Calls that explain a smaller part of the time are named with what took the rest. */
const EXPLAINS = 0.8;

/** Each worker is held through its runner's JIT call; the others wait for a worker. */
export function workersBusy(reading: Reading, slow: SlowBurst): Finding {
  const { burst, workers, isWorkersKnown } = slow;
  return burstFinding(slow, {
    id: 'workers-busy',
    sentence: sentence(reading, slow),
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

function sentence(reading: Reading, slow: SlowBurst): string {
  const { burst, workers, jitMeanUs, waitUs } = slow;
  const calls = `${count(burst.runners.length, 'JIT call')} of ${meanText(jitMeanUs)}`;
  const callsUs = (burst.spentUs.get('jit') ?? 0) / workers;
  const { kind, us } = mostRequested(burst);
  if (callsUs >= EXPLAINS * waitUs || us < (1 - EXPLAINS) * waitUs * workers) {
    return `${lastPodCame(reading, slow)} because ${count(workers, 'worker')} made ${calls} one after another.`;
  }
  const part = `${count(burst.runners.length, 'JIT call')} on ${count(workers, 'worker')} took ${spanText(reading, callsUs)}`;
  return `${lastPodCame(reading, slow)}: ${part}, requests for ${kind} most of the rest.`;
}

/** The kind of object whose requests took the most time, all workers together. */
function mostRequested({ spentUs }: Burst): { readonly kind: string; readonly us: number } {
  const of = (...doing: Doing[]): number => doing.reduce((sum, each) => sum + (spentUs.get(each) ?? 0), 0);
  const kinds = [
    { kind: 'runners', us: of('runners') },
    { kind: 'secrets', us: of('secrets', 'registered', 'secret made') },
    { kind: 'pods', us: of('pods') },
  ];
  return kinds.reduce((a, b) => (b.us > a.us ? b : a));
}

import { t } from '@vscode/l10n';
import { jitCallsText, workersText } from '../../base/count-words.ts';
import { ACTIONS_LOCK, LOCK_SINCE } from '../../reconciler/releases/actions-lock.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, fromStartToLastPod, workersSeen } from '../burst-finding.ts';
import type { Burst } from '../bursts.ts';
import type { Finding } from '../finding.ts';
import type { Doing } from '../messages.ts';
import type { Reading } from '../reading.ts';
import { lastPodCame, meanText, spanText } from '../words.ts';

/** Calls that explain a smaller part of the time are named with what took the rest. */
const EXPLAINS = 0.8;

/** Each worker is held through its runner's JIT call; the others wait for a worker. */
export function workersBusy(reading: Reading, slow: SlowBurst): Finding {
  const { burst, workers, isWorkersKnown } = slow;
  return burstFinding(slow, {
    id: 'workers-busy',
    sentence: sentence(reading, slow),
    details: [
      ...(isWorkersKnown
        ? [t('The controller started with {0} for runners.', workersText(workers))]
        : workersSeen(slow)),
      ...(slow.release?.hasLock === true
        ? [
            t(
              'Since ARC {0} (#{1}) one lock is held through each call to the Actions service.',
              LOCK_SINCE,
              ACTIONS_LOCK,
            ),
          ]
        : []),
    ],
    evidence: fromStartToLastPod(
      slow,
      ...(burst.process.workers === undefined
        ? []
        : [{ at: burst.process.workers.at, says: t('the number of workers') }]),
    ),
    confidence: isWorkersKnown ? 'sure' : 'likely',
    advice: adviceFor(reading, slow),
    knob: 'flags.runnerMaxConcurrentReconciles',
  });
}

/** With the lock more workers do all but the calls at the same time. */
function adviceFor(reading: Reading, { burst, release }: SlowBurst): string {
  return release?.hasLock === true
    ? t(
        'Raise flags.runnerMaxConcurrentReconciles of the controller chart. More workers help until the lock is the limit: the calls alone, one at a time, take {0}.',
        spanText(reading, burst.jitCallsUs),
      )
    : t(
        'Raise flags.runnerMaxConcurrentReconciles of the controller chart (since 0.10). Do it before an upgrade to 0.14 or later, where the calls run one at a time whatever it is.',
      );
}

function sentence(reading: Reading, slow: SlowBurst): string {
  const { burst, workers, jitMeanUs, waitUs } = slow;
  const [came, calls] = [lastPodCame(reading, slow), jitCallsText(burst.runners.length)];
  const callsUs = (burst.spentUs.get('jit') ?? 0) / workers;
  const { kind, us } = mostRequested(burst);
  if (callsUs >= EXPLAINS * waitUs || us < (1 - EXPLAINS) * waitUs * workers) {
    return t(
      '{0} because {1} made {2} of {3} one after another.',
      came,
      workersText(workers),
      calls,
      meanText(jitMeanUs, burst.runners.length / workers),
    );
  }
  return t(
    '{0}: {1} on {2} took {3}, requests for {4} most of the rest.',
    came,
    calls,
    workersText(workers),
    spanText(reading, callsUs),
    kind,
  );
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

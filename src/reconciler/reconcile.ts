import type { ActionsClientCache } from '../actions/client-cache.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { cached, done, log, phase, type Reconcile, type Result, type Step } from '../runtime/effects.ts';
import { createPod } from './create-pod.ts';
import { countFailure, giveUp, hasFailedTooOften } from './failures.ts';
import { followPod } from './follow-pod.ts';
import { markAsOutdated } from './mark-failed.ts';
import type { Release } from './releases/release.ts';
import type { Switches } from './releases/switches.ts';
import type { LastStep, Progress, RunnerPass } from './runner-pass.ts';
import { stepsOf } from './steps.ts';
import type { UnregistrationQueue } from './unregistration.ts';

/**
 * One reconcile pass of ARC's EphemeralRunner controller: looks at the runner named by `key` and does the next thing that
 * brings it closer to having a registered runner in a pod, or to being cleaned up.
 */
export function* reconcileEphemeralRunner(
  key: string,
  release: Release,
  clients: ActionsClientCache,
  unregistration?: UnregistrationQueue,
): Reconcile {
  const pass: RunnerPass = { key, clients, switches: release.switches, unregistration };
  const steps = stepsOf(release.switches);
  const seen = yield* cached(EphemeralRunners, key);
  if (seen === undefined) return done;
  if (seen.metadata.deletionTimestamp !== undefined) return yield* steps.finalize(seen, pass);
  if (isOver(seen, pass.switches)) return yield* leaveToItsSet(seen, pass, steps.cleanUp);

  let runner = seen;
  for (const step of steps.beforePod) {
    const progress: Progress = yield* step(runner, pass);
    if (progress.result !== undefined) return progress.result;
    runner = progress.runner;
  }
  const pod = yield* cached(Pods, key);
  if (pod !== undefined) return yield* lookAfter(runner, pod, pass);
  if (!pass.switches.has(4059) && hasFailedTooOften(runner)) return yield* giveUp(runner, pass);
  return yield* createPod(runner, pass);
}

function isOver({ status }: EphemeralRunner, switches: Switches): boolean {
  const { phase } = status ?? {};
  return phase === 'Succeeded' || phase === 'Failed' || (phase === 'Outdated' && switches.has(4404));
}

/** A runner that is over needs its pod and secret no longer; its set deletes it. */
function* leaveToItsSet(runner: EphemeralRunner, pass: RunnerPass, cleanUp: LastStep): Step<Result> {
  const { phase } = runner.status ?? {};
  yield* log('Cleaning up resources after after ephemeral runner termination', { phase });
  const result = yield* cleanUp(runner, pass);
  if (result.kind !== 'done') return result;
  yield* log(
    'EphemeralRunner has already finished. Stopping reconciliation and waiting for EphemeralRunnerSet to clean it up',
    { phase },
  );
  return done;
}

/** Does what the state of the runner's pod asks for. */
function* lookAfter(runner: EphemeralRunner, pod: Pod, pass: RunnerPass): Step<Result> {
  yield* phase('follow-pod');
  const { stateOf, podFailed, podFinished } = stepsOf(pass.switches);
  switch (yield* stateOf(pod, pass.switches)) {
    case 'starting':
      break;
    case 'running':
      yield* followPod(runner, pod, pass);
      break;
    case 'evicted':
      yield* countFailure(runner, pod, pass, 'failed to delete pod as failed on pod.Status.Phase: Failed');
      break;
    case 'failed':
      yield* podFailed(runner, pod, pass);
      break;
    case 'outdated':
      yield* markAsOutdated(runner, pass);
      break;
    case 'finished':
      yield* podFinished(runner, pod, pass);
      break;
  }
  return done;
}

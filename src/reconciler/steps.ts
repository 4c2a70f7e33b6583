import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import type { Step } from '../runtime/effects.ts';
import { backOff } from './back-off.ts';
import { cleanUpInOnePass, finalizeInOnePass } from './deletion-in-one-pass.ts';
import { cleanUpInSteps, finalizeInSteps } from './deletion-in-steps.ts';
import { replacePod, replacePodOrDeleteRunner } from './failed-pod.ts';
import { addFinalizers, addFinalizersInSteps, addOneFinalizer } from './finalizers.ts';
import { deleteFinished, finish, finishIfForgotten } from './finished.ts';
import { stateByContainer, stateByPhase, type PodState } from './pod-state.ts';
import { registerInSecret } from './registration-in-secret.ts';
import { registerInStatus, secretFromStatus } from './registration-in-status.ts';
import type { Switches } from './releases/switches.ts';
import type { LastStep, PassStep, RunnerPass } from './runner-pass.ts';

/** What a pass does about its runner's pod. */
type PodStep = (runner: EphemeralRunner, pod: Pod, pass: RunnerPass) => Step<void>;

/** The steps of a pass that differ between releases. */
interface Steps {
  /** The runner's deletion was requested. */
  readonly finalize: LastStep;
  /** The runner is over. */
  readonly cleanUp: LastStep;
  /** What has to be there before the pod, in order. */
  readonly beforePod: readonly PassStep[];
  readonly stateOf: (pod: Pod, switches: Switches) => Step<PodState>;
  readonly podFailed: PodStep;
  /** The runner's container has ended with 0. */
  readonly podFinished: PodStep;
}

/** A release asks before every pass. */
const STEPS = new WeakMap<Switches, Steps>();

/** Which steps a release takes, by its switches. */
export function stepsOf(switches: Switches): Steps {
  let steps = STEPS.get(switches);
  if (steps === undefined) STEPS.set(switches, (steps = choose(switches)));
  return steps;
}

function choose(switches: Switches): Steps {
  return {
    finalize: switches.has(3941) ? finalizeInOnePass : finalizeInSteps,
    cleanUp: switches.has(3941) ? cleanUpInOnePass : cleanUpInSteps,
    beforePod: beforePod(switches),
    stateOf: switches.has(4340) ? stateByPhase : stateByContainer,
    podFailed: switches.has(4239) ? replacePodOrDeleteRunner : replacePod,
    podFinished: switches.has(4239) ? deleteFinished : switches.has(4142) ? finish : finishIfForgotten,
  };
}

function beforePod(switches: Switches): readonly PassStep[] {
  const withBackOff = switches.has(4059) ? [backOff] : [];
  const finalizers = switches.has(4516) ? addOneFinalizer : switches.has(4320) ? addFinalizers : addFinalizersInSteps;
  return switches.has(4191)
    ? [finalizers, registerInSecret, ...withBackOff]
    : [finalizers, registerInStatus, ...withBackOff, secretFromStatus];
}

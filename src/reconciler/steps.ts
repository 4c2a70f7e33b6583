import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import type { Step } from '../runtime/effects.ts';
import { cleanUpInOnePass, finalizeInOnePass } from './deletion-in-one-pass.ts';
import { cleanUpInSteps, finalizeInSteps } from './deletion-in-steps.ts';
import { addFinalizersInSteps } from './finalizers.ts';
import { finishIfForgotten } from './finished.ts';
import { stateByContainer, type PodState } from './pod-state.ts';
import { registerInStatus, secretFromStatus } from './registration-in-status.ts';
import type { Switches } from './releases/switches.ts';
import type { LastStep, PassStep, RunnerPass } from './runner-pass.ts';

/** The steps of a pass that differ between releases. */
interface Steps {
  /** The runner's deletion was requested. */
  readonly finalize: LastStep;
  /** The runner is over. */
  readonly cleanUp: LastStep;
  /** What has to be there before the pod, in order. */
  readonly beforePod: readonly PassStep[];
  readonly stateOf: (pod: Pod) => Step<PodState>;
  /** The runner's container has ended with 0. */
  readonly finish: (runner: EphemeralRunner, pod: Pod, pass: RunnerPass) => Step<void>;
}

/** Which steps a release takes, by its switches. */
export function stepsOf(switches: Switches): Steps {
  const known = STEPS.get(switches);
  if (known !== undefined) return known;
  const [finalize, cleanUp] = switches.has(3941)
    ? [finalizeInOnePass, cleanUpInOnePass]
    : [finalizeInSteps, cleanUpInSteps];
  const steps = {
    finalize,
    cleanUp,
    beforePod: [addFinalizersInSteps, registerInStatus, secretFromStatus],
    stateOf: stateByContainer,
    finish: finishIfForgotten,
  };
  STEPS.set(switches, steps);
  return steps;
}

/** A release asks before every pass. */
const STEPS = new WeakMap<Switches, Steps>();

import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { Result, Step } from '../../runtime/effects.ts';
import type { ProcessOptions } from '../process-options.ts';
import type { Switches } from '../releases/switches.ts';

/** What the steps of one pass share. */
export interface ListenerPass {
  readonly switches: Switches;
  readonly process: ProcessOptions;
}

/** A part of a pass after which the pass may go on; undefined where it does. */
export type ListenerStep = (listener: AutoscalingListener, pass: ListenerPass) => Step<Result | undefined>;

export function keyOfListener({ metadata }: AutoscalingListener): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Of its role and its role binding, which are in the scale set's namespace and have its name. */
export function keyInScaleSet({ metadata, spec }: AutoscalingListener): string {
  return `${spec.autoscalingRunnerSetNamespace}/${metadata.name}`;
}

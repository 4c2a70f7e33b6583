import type { ActionsClientCache } from '../actions/client-cache.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import type { Result, Step } from '../runtime/effects.ts';
import type { Switches } from './releases/switches.ts';
import type { UnregistrationQueue } from './unregistration.ts';

/** What the steps of one pass share. */
export interface RunnerPass {
  /** `namespace/name` of the runner, and of its pod and its secret. */
  readonly key: string;
  readonly switches: Switches;
  readonly clients: ActionsClientCache;
  /** Where removals from the service wait that no pass waits for. */
  readonly unregistration?: UnregistrationQueue | undefined;
}

/** How a step leaves the pass: with the runner as it is now, or with the result that ends the pass. */
export type Progress =
  | { readonly runner: EphemeralRunner; readonly result?: undefined }
  | { readonly result: Result; readonly runner?: undefined };

/** A part of a pass after which the pass may go on. */
export type PassStep = (runner: EphemeralRunner, pass: RunnerPass) => Step<Progress>;

/** A part of a pass with which it ends. */
export type LastStep = (runner: EphemeralRunner, pass: RunnerPass) => Step<Result>;

export function goOn(runner: EphemeralRunner): Progress {
  return { runner };
}

export function end(result: Result): Progress {
  return { result };
}

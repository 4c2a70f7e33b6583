import type { ActionsClient } from '../../actions/client.ts';
import type { ActionsClientCache } from '../../actions/client-cache.ts';
import type { EphemeralRunnerSet } from '../../kubernetes/types.ts';
import type { Step } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';
import { clientFor } from '../service.ts';

/** What the steps of one pass share. */
export interface RunnerSetPass {
  readonly switches: Switches;
  readonly clients: ActionsClientCache;
}

/** A client on behalf of all runners of a set. */
export function* clientOf({ metadata, spec }: EphemeralRunnerSet, { clients }: RunnerSetPass): Step<ActionsClient> {
  return yield* clientFor({ metadata, spec: spec.ephemeralRunnerSpec }, clients);
}

/** @throws all of them as one */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  throw new AggregateError(errors, errors.map((error) => (error as Error).message).join('; '));
}

import type { EphemeralRunner } from '../kubernetes/types.ts';
import type { Step } from '../runtime/effects.ts';
import type { RunnerPass } from './runner-pass.ts';
import { removeFromService } from './service.ts';

/** Has the service let a runner go: in the background where the release does that (pull request 4664), else at once. */
export function* leaveService(runner: EphemeralRunner, { unregistration, clients }: RunnerPass): Step<void> {
  if (unregistration === undefined) yield* removeFromService(runner, clients);
  else unregistration.push(runner);
}

import { Secrets } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { create, done, find, get, log, orLogError, phase, requeue, type Step } from '../runtime/effects.ts';
import { jitSecretFor } from './objects.ts';
import { patchStatus } from './patches.ts';
import { register } from './registration.ts';
import { end, goOn, type Progress, type RunnerPass } from './runner-pass.ts';

const SECRET_NOT_FETCHED = 'Failed to fetch secret';

/** Registers a runner whose status has no registration, and keeps in the status what the service gave. */
export function* registerInStatus(runner: EphemeralRunner, pass: RunnerPass): Step<Progress> {
  if ((runner.status?.runnerId ?? 0) !== 0) return goOn(runner);
  yield* log('Creating new ephemeral runner registration and updating status with runner config');
  const jitConfig = yield* register(runner, pass);
  if (jitConfig === 'name-is-free-again') return end(requeue);
  if (jitConfig === 'name-of-another-set') {
    throw new Error("runner with the same name but doesn't belong to this RunnerScaleSet");
  }
  yield* log('Updating ephemeral runner status with runnerId and runnerJITConfig');
  const registered = yield* patchStatus(runner, {
    runnerId: jitConfig.runner.id,
    runnerName: jitConfig.runner.name,
    runnerJITConfig: jitConfig.encodedJITConfig,
  });
  yield* log('Updated ephemeral runner status with runnerId and runnerJITConfig');
  return pass.switches.has(3831) ? goOn(registered) : end(done);
}

/** Makes the secret that the pod takes the JIT config from, out of the status. */
export function* secretFromStatus(runner: EphemeralRunner, pass: RunnerPass): Step<Progress> {
  const { namespace = '', name } = runner.metadata;
  yield* phase('ensure-secret');
  if ((yield* orLogError(find(Secrets, namespace, name), SECRET_NOT_FETCHED)) !== undefined) return goOn(runner);
  yield* phase('create-secret');
  yield* log('Creating new ephemeral runner secret for jitconfig.');
  yield* log('Creating new secret for ephemeral runner');
  const secret = jitSecretFor(runner);
  yield* log('Created new secret spec for ephemeral runner');
  yield* create(Secrets, secret);
  yield* log('Created ephemeral runner secret', { secretName: name });
  if (!pass.switches.has(3831)) return end(requeue);
  yield* orLogError(get(Secrets, namespace, name), SECRET_NOT_FETCHED);
  return goOn(runner);
}

import type { JitConfig } from '../actions/client.ts';
import { Secrets } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Secret } from '../kubernetes/types.ts';
import {
  create,
  done,
  find,
  log,
  logError,
  orLogError,
  phase,
  removeExisting,
  requeue,
  type Result,
  type Step,
} from '../runtime/effects.ts';
import { deleteRunner } from './delete-runner.ts';
import { RUNNER_ID_KEY, RUNNER_NAME_KEY } from './names.ts';
import { registrationSecretFor } from './objects.ts';
import { patchStatus } from './patches.ts';
import { register, type NameTaken } from './registration.ts';
import type { Switches } from './releases/switches.ts';
import { end, goOn, type Progress, type RunnerPass } from './runner-pass.ts';

/**
 * Registers a runner without a secret and keeps in the secret what the service gave. The status gets the id from there, so
 * that one that was lost on the way is repaired by a later pass.
 */
export function* registerInSecret(runner: EphemeralRunner, pass: RunnerPass): Step<Progress> {
  const { namespace = '', name } = runner.metadata;
  yield* phase('ensure-secret');
  const found = yield* orLogError(find(Secrets, namespace, name), 'Failed to fetch secret');
  if (found !== undefined) return yield* statusFromSecret(runner, found);
  const message = 'Failed to create ephemeral runners secret';
  const jitConfig = yield* orLogError(register(runner, pass), message);
  if (typeof jitConfig === 'string') return end(yield* withoutName(runner, jitConfig));
  return yield* statusFromSecret(runner, yield* createSecret(runner, jitConfig, pass.switches));
}

/** The name was taken. What is free now can be had by the next pass; another scale set's cannot be had at all. */
function* withoutName(runner: EphemeralRunner, why: NameTaken): Step<Result> {
  if (why === 'name-is-free-again') {
    yield* log('Encountered retryable error, requeueing', { error: 'runner existed, retry configuration' });
    return requeue;
  }
  yield* log('JIT config cannot be created for this ephemeral runner, issuing delete', {
    error: "runner with the same name but doesn't belong to this RunnerScaleSet",
  });
  yield* deleteRunner(runner, 'failed to delete the ephemeral runner');
  yield* log('Request to delete ephemeral runner has been issued');
  return done;
}

function* createSecret(runner: EphemeralRunner, jitConfig: JitConfig, switches: Switches): Step<Secret> {
  yield* phase('create-secret');
  yield* log('Creating new ephemeral runner secret for jitconfig.');
  yield* log('Creating new secret for ephemeral runner');
  const secret = registrationSecretFor(runner, jitConfig, switches);
  yield* log('Created new secret spec for ephemeral runner');
  const created = yield* create(Secrets, secret);
  yield* log('Created ephemeral runner secret', { secretName: created.metadata.name });
  yield* log('Created new ephemeral runner secret for jitconfig.');
  return created;
}

/** Copies the registration from the secret into a status without one. A secret that does not have it is deleted. */
function* statusFromSecret(runner: EphemeralRunner, secret: Secret): Step<Progress> {
  if ((runner.status?.runnerId ?? 0) !== 0) return goOn(runner);
  yield* phase('copy-registration');
  yield* log('Updating ephemeral runner status with runnerId and runnerName');
  const id = textIn(secret, RUNNER_ID_KEY);
  if (!/^[+-]?\d+$/.test(id)) {
    const error = new Error(`the secret's ${RUNNER_ID_KEY} is no number: ${JSON.stringify(id)}`);
    yield* logError('Runner config secret is corrupted: missing runnerId', error);
    yield* log('Deleting corrupted runner config secret');
    yield* removeExisting(Secrets, secret);
    yield* log('Corrupted runner config secret has been deleted');
    return end(requeue);
  }
  const runnerName = textIn(secret, RUNNER_NAME_KEY);
  const registered = yield* patchStatus(runner, { runnerId: Number(id), runnerName });
  yield* log('Updated ephemeral runner status with runnerId and runnerName');
  return goOn(registered);
}

function textIn({ data }: Secret, key: string): string {
  return Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
}

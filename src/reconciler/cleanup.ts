import { ApiError } from '../kubernetes/api-error.ts';
import { Pods, Secrets, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner } from '../kubernetes/types.ts';
import { cached, cachedWithLabel, find, list, log, phase, remove, type Step } from '../runtime/effects.ts';
import { HOOK_OWNER_LABEL } from './names.ts';

/**
 * Deletes the runner's pod and then its secret, one a pass.
 * @returns whether both were found gone
 */
export function* cleanUpPodAndSecret(key: string, runner: EphemeralRunner): Step<boolean> {
  yield phase('clean-up');
  yield log('Cleaning up the runner pod');
  const pod = yield* cached(Pods, key);
  if (pod !== undefined) {
    if (pod.metadata.deletionTimestamp === undefined) {
      yield log('Deleting the runner pod');
      yield* remove(Pods, pod);
    }
    return false;
  }
  yield log('Pod is deleted');

  yield log('Cleaning up the runner jitconfig secret');
  const { namespace = '', name } = runner.metadata;
  const secret = yield* find(Secrets, namespace, name);
  if (secret !== undefined) {
    if (secret.metadata.deletionTimestamp === undefined) {
      yield log('Deleting the jitconfig secret');
      yield* remove(Secrets, secret);
    }
    return false;
  }
  yield log('Secret is deleted');
  return true;
}

/**
 * Deletes what the job's container hooks left: pods first, secrets once no such pod is to be seen.
 * @returns whether none of either was found
 */
export function* cleanUpHookObjects(runner: EphemeralRunner): Step<boolean> {
  yield phase('clean-up-hook-objects');
  const { namespace = '', name } = runner.metadata;
  yield log('Cleaning up runner linked pods');
  const pods = yield* cachedWithLabel(Pods, namespace, HOOK_OWNER_LABEL, name);
  yield* removeLinked(Pods, pods, 'pod');
  if (pods.length > 0) return false;

  yield log('Cleaning up runner linked secrets');
  const { items } = yield* list(Secrets, namespace, `${HOOK_OWNER_LABEL}=${name}`);
  yield* removeLinked(Secrets, items, 'secret');
  return items.length === 0;
}

/** One that cannot be deleted keeps none of the others. */
function* removeLinked(resource: Resource, objects: readonly ApiObject[], what: string): Step<void> {
  if (objects.length === 0) yield log(`Runner-linked ${what}s are deleted`);
  else yield log(`Deleting container hooks runner-linked ${what}s`, { count: objects.length });
  const errors: ApiError[] = [];
  for (const object of objects) {
    const { name, deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined) continue;
    yield log(`Deleting container hooks runner-linked ${what}`, { name });
    try {
      yield* remove(resource, object);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  const messages = errors.map(({ message }) => `failed to delete a runner-linked ${what}: ${message}`);
  throw new AggregateError(errors, messages.join('; '));
}

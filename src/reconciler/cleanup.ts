import { Pods, Secrets } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
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
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    yield log('Deleting linked pod', { pod: pod.metadata.name });
    yield* remove(Pods, pod);
  }
  if (pods.length > 0) return false;

  yield log('Cleaning up runner linked secrets');
  const { items } = yield* list(Secrets, namespace, `${HOOK_OWNER_LABEL}=${name}`);
  for (const secret of items) {
    if (secret.metadata.deletionTimestamp !== undefined) continue;
    yield log('Deleting linked secret', { secret: secret.metadata.name });
    yield* remove(Secrets, secret);
  }
  return items.length === 0;
}

import { ApiError } from '../kubernetes/api-error.ts';
import { Pods, Secrets, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner } from '../kubernetes/types.ts';
import { cached, cachedWithLabel, find, list, log, remove, type Step } from '../runtime/effects.ts';
import { HOOK_OWNER_LABEL } from './names.ts';
import { runnerExitCode } from './pod-state.ts';

/** What is left of an object that goes with the runner. */
type Left = 'nothing' | 'terminating' | 'deleted now';

/**
 * Deletes the runner's pod unless it is terminating.
 * @param isHurried whether one whose runner has ended is given no time
 */
export function* deletePod(key: string, isHurried = false): Step<Left> {
  yield* log('Cleaning up the runner pod');
  const pod = yield* cached(Pods, key);
  if (pod === undefined) return 'nothing';
  if (pod.metadata.deletionTimestamp !== undefined) return 'terminating';
  yield* log('Deleting the runner pod');
  yield* remove(Pods, pod, isHurried && runnerExitCode(pod) !== undefined ? 0 : undefined);
  return 'deleted now';
}

/** Deletes the secret with the runner's JIT config unless it is terminating. */
export function* deleteJitSecret({ metadata }: EphemeralRunner): Step<Left> {
  yield* log('Cleaning up the runner jitconfig secret');
  const secret = yield* find(Secrets, metadata.namespace ?? '', metadata.name);
  if (secret === undefined) return 'nothing';
  if (secret.metadata.deletionTimestamp !== undefined) return 'terminating';
  yield* log('Deleting the jitconfig secret');
  yield* remove(Secrets, secret);
  return 'deleted now';
}

/**
 * Deletes the pods that the job's container hooks left.
 * @returns whether there were any
 */
export function* deleteHookPods({ metadata }: EphemeralRunner): Step<boolean> {
  yield* log('Cleaning up runner linked pods');
  const pods = yield* cachedWithLabel(Pods, metadata.namespace ?? '', HOOK_OWNER_LABEL, metadata.name);
  yield* removeLinked(Pods, pods, 'pod');
  return pods.length > 0;
}

/**
 * Deletes the secrets that the job's container hooks left.
 * @returns whether there were any
 */
export function* deleteHookSecrets({ metadata }: EphemeralRunner): Step<boolean> {
  yield* log('Cleaning up runner linked secrets');
  const selector = `${HOOK_OWNER_LABEL}=${metadata.name}`;
  const { items } = yield* list(Secrets, metadata.namespace ?? '', selector);
  yield* removeLinked(Secrets, items, 'secret');
  return items.length > 0;
}

/** A failed deletion does not stop the rest. */
function* removeLinked(resource: Resource, objects: readonly ApiObject[], what: string): Step<void> {
  if (objects.length === 0) yield* log(`Runner-linked ${what}s are deleted`);
  else yield* log(`Deleting container hooks runner-linked ${what}s`, { count: objects.length });
  const errors: ApiError[] = [];
  for (const object of objects) {
    const { name, deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined) continue;
    yield* log(`Deleting container hooks runner-linked ${what}`, { name });
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

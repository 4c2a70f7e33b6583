import {
  AutoscalingListeners,
  Pods,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
  type Resource,
} from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { ApiObject } from '../../kubernetes/types.ts';
import {
  cached,
  done,
  find,
  log,
  orLogError,
  phase,
  removeExisting,
  requeue,
  requeueAfter,
  type ReconcileEffect,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { hasFinalizer, patchDifference, withoutFinalizer } from '../differences.ts';
import { removeLastFinalizer } from '../last-finalizer.ts';
import { keyInScaleSet, keyOfListener, type ListenerPass } from './listener-pass.ts';
import { configSecretName, LISTENER_FINALIZER, proxySecretName } from './names.ts';

/** The events of pod, service account, role and role binding come before, as a rule. */
const CLEAN_UP_RETRY_US = 1_000_000;

/** The listener's deletion was requested. */
export function* finalize(listener: AutoscalingListener, { switches }: ListenerPass): Step<Result> {
  if (!hasFinalizer(listener, LISTENER_FINALIZER)) return done;
  yield* log('Deleting resources');
  const isDone = yield* orLogError(cleanUp(listener, switches.has(4289)), 'Failed to cleanup resources after deletion');
  if (!isDone) {
    yield* log('Waiting for resources to be deleted before removing finalizer');
    return switches.has(4289) ? requeueAfter(CLEAN_UP_RETRY_US) : requeue;
  }
  return yield* removeLastFinalizer(
    patchDifference(AutoscalingListeners, listener, withoutFinalizer(listener, LISTENER_FINALIZER)),
    'Failed to remove finalizer',
  );
}

interface Part {
  readonly what: string;
  readonly resource: Resource;
  readonly look: () => Step<Answer>;
}

/**
 * Deletes what the listener has, in the order in which it is not needed any more.
 * @param atOnce whether all of it; else the first that is found, which the next pass waits for
 * @returns whether nothing was found
 */
function* cleanUp(listener: AutoscalingListener, atOnce: boolean): Step<boolean> {
  yield* phase('clean-up');
  const { name, namespace = '' } = listener.metadata;
  const secret = (secretName: string): Step<Answer> => read(find(Secrets, namespace, secretName));
  const parts: readonly Part[] = [
    { what: 'pod', resource: Pods, look: () => read(cached(Pods, keyOfListener(listener))) },
    { what: 'config secret', resource: Secrets, look: () => secret(configSecretName(name)) },
    ...(listener.spec.proxy === undefined
      ? []
      : [{ what: 'proxy secret', resource: Secrets as Resource, look: () => secret(proxySecretName(name)) }]),
    { what: 'role binding', resource: RoleBindings, look: () => read(cached(RoleBindings, keyInScaleSet(listener))) },
    { what: 'role', resource: Roles, look: () => read(cached(Roles, keyInScaleSet(listener))) },
    {
      what: 'service account',
      resource: ServiceAccounts,
      look: () => read(cached(ServiceAccounts, keyOfListener(listener))),
    },
  ];
  let isDone = true;
  for (const { what, resource, look } of parts) {
    const object = yield* look();
    if (object === undefined) {
      yield* log(`Listener ${what} is deleted`);
      continue;
    }
    isDone = false;
    if (object.metadata.deletionTimestamp === undefined) {
      yield* log(`Deleting the listener ${what}`);
      yield* removeExisting(resource, object);
    }
    if (!atOnce) break;
  }
  return isDone;
}

type Answer = ApiObject | undefined;

function* read(effect: Iterable<ReconcileEffect, Answer, never>): Step<Answer> {
  return yield* effect;
}

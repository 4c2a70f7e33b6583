import { Pods, RoleBindings, Roles, Secrets, ServiceAccounts } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { Pod, Secret } from '../../kubernetes/types.ts';
import {
  cached,
  create,
  done,
  find,
  log,
  orLogError,
  phase,
  remove,
  removeExisting,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { INTEGRITY_HASH_ANNOTATION } from '../autoscaling-runner-set/names.ts';
import { keepMetadata } from './ensure-access.ts';
import { configForPod } from './ensure-config.ts';
import { keyInScaleSet, keyOfListener, type ListenerPass } from './listener-pass.ts';
import { configSecretName, LISTENER_CONTAINER } from './names.ts';
import { listenerPodFor } from './pod.ts';

/**
 * Before pull request 4516: makes the pod, with its configuration, and deletes it when its container has ended.
 * @param hasNewConfig whether this pass has changed the configuration, which a pod that runs has not seen
 */
export function* keepPod(
  listener: AutoscalingListener,
  github: Secret,
  hasNewConfig: boolean,
  pass: ListenerPass,
): Step<Result> {
  const pod = yield* cached(Pods, keyOfListener(listener));
  if (pod === undefined) {
    yield* log('Creating a listener pod');
    const config = yield* configForPod(listener, github, pass);
    if (!('metadata' in config)) return config;
    yield* createPod(listenerPodFor(listener, config, [], pass));
    return done;
  }
  if (hasNewConfig) {
    yield* log('Listener config secret changed, restarting listener pod');
    yield* deletePod(pod, pass);
    return done;
  }
  return yield* follow(pod, pass);
}

/** Since pull request 4516: a pod is replaced when the hash of what it needs is another one. */
export function* keepPodByHash(listener: AutoscalingListener, config: Secret, pass: ListenerPass): Step<Result> {
  const needs = [
    yield* cached(ServiceAccounts, keyOfListener(listener)),
    yield* cached(Roles, keyInScaleSet(listener)),
    yield* cached(RoleBindings, keyInScaleSet(listener)),
  ];
  const pod = yield* cached(Pods, keyOfListener(listener));
  const wanted = listenerPodFor(listener, config, needs, pass);
  if (pod === undefined) {
    yield* createPod(wanted);
    yield* log('Listener pod is not ready');
    return done;
  }
  const hashOf = ({ metadata }: Pod): string | undefined => metadata.annotations?.[INTEGRITY_HASH_ANNOTATION];
  if (hashOf(pod) !== hashOf(wanted)) {
    yield* log('Listener pod dependency changed, recreating listener pod');
    yield* deletePod(pod, pass);
    yield* log('Listener pod is deleted, will recreate with new dependencies');
    return done;
  }
  if ((yield* keepMetadata(Pods, pod, wanted, pass, 'pod')) !== undefined) return done;
  return yield* follow(pod, pass);
}

function* createPod(pod: Pod): Step<void> {
  const { namespace, name } = pod.metadata;
  yield* phase('create-pod');
  yield* log('Creating listener pod', { namespace, name });
  yield* orLogError(create(Pods, pod), 'Unable to create listener pod');
  yield* log('Created listener pod', { namespace, name });
}

/** A pod whose container has ended, whatever its exit code, is deleted; the next pass makes another. There is no back-off. */
function* follow(pod: Pod, pass: ListenerPass): Step<Result> {
  const { namespace, name } = pod.metadata;
  const { phase: podPhase, reason, message, containerStatuses = [] } = pod.status ?? {};
  if (pass.switches.has(4332) && reason === 'Evicted') {
    yield* log('Listener pod is evicted', { phase: podPhase, reason, message });
    yield* deletePod(pod, pass);
    return done;
  }
  const container = containerStatuses.find((each) => each.name === LISTENER_CONTAINER);
  const ended = container?.state?.terminated;
  if (container === undefined) yield* log('Listener pod is not ready', { namespace, name });
  else if (ended !== undefined) {
    yield* log('Listener pod is terminated', { namespace, name, reason: ended.reason, message: ended.message });
    yield* deletePod(pod, pass);
  }
  return done;
}

function* deletePod(pod: Pod, { switches }: ListenerPass): Step<void> {
  if (pod.metadata.deletionTimestamp !== undefined) return;
  const { namespace = '', name } = pod.metadata;
  yield* phase('delete-pod');
  yield* log('Deleting the listener pod', { namespace, name });
  yield* orLogError(remove(Pods, pod), 'Unable to delete the listener pod');
  if (!switches.has(4033) || switches.has(4492)) return;
  const config = yield* find(Secrets, namespace, configSecretName(name));
  if (config === undefined || config.metadata.deletionTimestamp !== undefined) return;
  yield* log('Deleting the listener config secret');
  yield* removeExisting(Secrets, config);
}

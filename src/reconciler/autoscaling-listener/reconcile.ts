import { AutoscalingListeners, AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { Secret } from '../../kubernetes/types.ts';
import {
  cached,
  done,
  log,
  logError,
  orLogError,
  phase,
  removeExisting,
  type Reconcile,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { hasFinalizer, patchDifference, withFinalizer } from '../differences.ts';
import { finalize } from './clean-up.ts';
import { gitHubSecretOf } from './credentials.ts';
import { ensureRole, ensureRoleBinding, ensureServiceAccount } from './ensure-access.ts';
import { keptConfig, replacedConfig } from './ensure-config.ts';
import type { ListenerPass, ListenerStep } from './listener-pass.ts';
import { ensureMirror } from './mirror-secret.ts';
import { LISTENER_FINALIZER } from './names.ts';
import { keepPod, keepPodByHash } from './listener-pod.ts';
import { ensureProxySecret } from './proxy-secret.ts';

/** What a listener's pod needs, in the order in which it is made. */
const STEPS: readonly ListenerStep[] = [ensureServiceAccount, ensureRole, ensureRoleBinding, ensureProxySecret];

/**
 * One reconcile pass of ARC's AutoscalingListener controller: makes or corrects one thing that the listener's pod needs,
 * or the pod itself, and makes the pod again when its container has ended.
 */
export function* reconcileListener(key: string, pass: ListenerPass): Reconcile {
  const { switches } = pass;
  const listener = yield* cached(AutoscalingListeners, key);
  if (listener === undefined) return done;
  if (listener.metadata.deletionTimestamp !== undefined) return yield* finalize(listener, pass);
  if (!hasFinalizer(listener, LISTENER_FINALIZER)) return yield* addFinalizer(listener);

  const { autoscalingRunnerSetNamespace: namespace, autoscalingRunnerSetName: name } = listener.spec;
  const scaleSet = yield* cached(AutoscalingRunnerSets, `${namespace}/${name}`);
  if (scaleSet === undefined) return yield* withoutScaleSet(listener, pass);
  // Since pull request 4516 the credentials are read where they are needed.
  const github = switches.has(4516) ? undefined : yield* gitHubSecretOf(scaleSet, switches);
  if (github !== undefined && !switches.has(4090)) {
    const result = yield* ensureMirror(listener, github, pass);
    if (result !== undefined) return result;
  }
  for (const step of STEPS) {
    const result = yield* step(listener, pass);
    if (result !== undefined) return result;
  }
  return github === undefined ? yield* keepByHash(listener, scaleSet, pass) : yield* keep(listener, github, pass);
}

function* keepByHash(listener: AutoscalingListener, scaleSet: AutoscalingRunnerSet, pass: ListenerPass): Step<Result> {
  const config = yield* keptConfig(listener, scaleSet, pass);
  return 'metadata' in config ? yield* keepPodByHash(listener, config, pass) : config;
}

function* keep(listener: AutoscalingListener, github: Secret, pass: ListenerPass): Step<Result> {
  const config = pass.switches.has(4492) ? yield* replacedConfig(listener, github, pass) : undefined;
  return yield* keepPod(listener, github, config?.isNew === true, pass);
}

function* addFinalizer(listener: AutoscalingListener): Step<Result> {
  yield* phase('add-finalizer');
  yield* log('Adding finalizer');
  yield* orLogError(
    patchDifference(AutoscalingListeners, listener, withFinalizer(listener, LISTENER_FINALIZER)),
    'Failed to add finalizer',
  );
  yield* log('Successfully added finalizer');
  return done;
}

function* withoutScaleSet(listener: AutoscalingListener, { switches }: ListenerPass): Step<Result> {
  const { autoscalingRunnerSetNamespace: namespace, autoscalingRunnerSetName: name } = listener.spec;
  if (!switches.has(4516)) {
    const error = new Error(`AutoscalingRunnerSet.actions.github.com "${name}" not found`);
    yield* logError('Failed to find AutoscalingRunnerSet.', error, { namespace, name });
    throw error;
  }
  yield* phase('delete-listener');
  yield* log('AutoscalingRunnerSet is not found, deleting autoscaling listener', { namespace, name });
  yield* orLogError(removeExisting(AutoscalingListeners, listener), 'failed to delete autoscaling listener');
  return done;
}

import { deepEqual } from '../../kubernetes/merge-patch.ts';
import { ConfigMaps, Secrets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { Secret } from '../../kubernetes/types.ts';
import { find, get, log, orLogError, phase, requeue, update, type Result, type Step } from '../../runtime/effects.ts';
import { hasMetadata, withMetadata } from '../differences.ts';
import { configSecretFor } from './config-secret.ts';
import { gitHubSecretOf } from './credentials.ts';
import { keepMetadata, make } from './ensure-access.ts';
import type { ListenerPass } from './listener-pass.ts';
import { configSecretName } from './names.ts';

/** The listener's configuration as it is in the cluster. */
interface Config {
  readonly secret: Secret;
  /** Whether this pass has changed it. */
  readonly isNew: boolean;
}

function* findConfig({ metadata }: AutoscalingListener): Step<Secret | undefined> {
  return yield* orLogError(
    find(Secrets, metadata.namespace ?? '', configSecretName(metadata.name)),
    'Unable to get listener config secret',
  );
}

/** Before pull request 4492: what is there is taken, as long as there is a pod nobody looks. */
export function* configForPod(
  listener: AutoscalingListener,
  github: Secret,
  pass: ListenerPass,
): Step<Secret | Result> {
  const certificate = yield* certificateOf(listener);
  const existing = yield* findConfig(listener);
  if (existing !== undefined) return existing;
  yield* log('Creating listener config secret');
  yield* make(Secrets, configSecretFor(listener, github, certificate, pass), 'config secret');
  return requeue;
}

/** Pull request 4492: compared in every pass with what it is to be, and replaced where it differs. */
export function* replacedConfig(listener: AutoscalingListener, github: Secret, pass: ListenerPass): Step<Config> {
  const wanted = configSecretFor(listener, github, yield* certificateOf(listener), pass);
  const existing = yield* findConfig(listener);
  if (existing === undefined) return { secret: yield* make(Secrets, wanted, 'config secret'), isNew: true };
  const isSame = deepEqual(existing.data ?? {}, wanted.data ?? {}) && hasMetadata(existing, wanted.metadata);
  if (isSame) return { secret: existing, isNew: false };
  const { labels = {}, annotations = {} } = wanted.metadata;
  yield* phase('update-config-secret');
  yield* log('Updating listener config secret', { name: existing.metadata.name });
  const changed = { ...withMetadata(existing, { labels, annotations }), data: wanted.data ?? {} };
  return { secret: yield* update(Secrets, changed), isNew: true };
}

/** Since pull request 4516 only labels and annotations are compared, the hash of the content among them. */
export function* keptConfig(
  listener: AutoscalingListener,
  scaleSet: AutoscalingRunnerSet,
  pass: ListenerPass,
): Step<Secret | Result> {
  const existing = yield* findConfig(listener);
  const github = yield* gitHubSecretOf(scaleSet, pass.switches);
  const wanted = configSecretFor(listener, github, yield* certificateOf(listener), pass);
  if (existing !== undefined) {
    return (yield* keepMetadata(Secrets, existing, wanted, pass, 'config secret')) ?? existing;
  }
  yield* make(Secrets, wanted, 'config secret');
  return requeue;
}

function* certificateOf({ spec }: AutoscalingListener): Step<string> {
  if (spec.githubServerTLS === undefined) return '';
  const reference = spec.githubServerTLS.certificateFrom?.configMapKeyRef;
  if (reference?.name === undefined) {
    throw new Error('githubServerTLS names no config map to take the certificate from');
  }
  const { data } = yield* get(ConfigMaps, spec.autoscalingRunnerSetNamespace, reference.name);
  const certificate = data?.[reference.key];
  if (certificate === undefined) {
    throw new Error(`key ${reference.key} is not found in configmap ${reference.name}`);
  }
  return certificate;
}

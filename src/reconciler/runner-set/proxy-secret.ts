import { deepEqual } from '../../kubernetes/merge-patch.ts';
import { EphemeralRunnerSets, Secrets } from '../../kubernetes/resource.ts';
import type { EphemeralRunnerSet, Secret } from '../../kubernetes/types.ts';
import { create, find, log, orLogError, phase, remove, update, type Step } from '../../runtime/effects.ts';
import { SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL } from '../labels.ts';
import { controllerReference } from '../owner-reference.ts';
import { proxyData } from '../proxy-data.ts';
import type { Switches } from '../releases/switches.ts';
import { hashOf, hashOfText } from '../template-hash.ts';
import { INTEGRITY_ANNOTATION } from './names.ts';

/** Name of the secret with the proxies of a set's runners; undefined where they have none. */
export function proxySecretOf({ metadata, spec }: EphemeralRunnerSet): string | undefined {
  if (spec.ephemeralRunnerSpec.proxy === undefined) return undefined;
  return `${metadata.name}-${hashOfText(metadata.namespace ?? '').slice(0, 8)}-runner-proxy`;
}

/**
 * Makes the secret with the proxies of the set's runners. From pull request 4516 on it is kept up to date.
 * @returns whether it has been changed
 */
export function* ensureProxySecret(set: EphemeralRunnerSet, switches: Switches): Step<boolean> {
  const { proxy } = set.spec.ephemeralRunnerSpec;
  const name = proxySecretOf(set);
  if (proxy === undefined || name === undefined) return false;
  const { namespace = '' } = set.metadata;
  const existing = yield* orLogError(find(Secrets, namespace, name), 'Unable to get ephemeralRunnerSet proxy secret');
  if (existing !== undefined && !switches.has(4516)) return false;
  if (existing === undefined) yield* log('Creating a ephemeralRunnerSet proxy secret for the runner pods');
  const data = yield* orLogError(proxyData(proxy, namespace), 'failed to convert proxy config to secret data');
  const wanted = proxySecretFor(set, name, data, switches);
  if (existing === undefined) {
    yield* phase('create-proxy-secret');
    yield* log('Creating new proxy secret');
    yield* orLogError(create(Secrets, wanted), 'failed to create proxy secret');
    yield* log('Created new proxy secret');
    return false;
  }
  const merged = {
    labels: { ...existing.metadata.labels, ...wanted.metadata.labels },
    annotations: { ...existing.metadata.annotations, ...wanted.metadata.annotations },
  };
  const { labels = {}, annotations = {} } = existing.metadata;
  if (deepEqual(existing.data ?? {}, data) && deepEqual({ labels, annotations }, merged)) return false;
  yield* phase('update-proxy-secret');
  yield* log('Updating ephemeralRunnerSet proxy secret');
  yield* update(Secrets, { ...existing, data, metadata: { ...existing.metadata, ...merged } });
  return true;
}

/** Deletes it when the last runner is gone; one that is gone already is no error. */
export function* deleteProxySecret(set: EphemeralRunnerSet): Step<void> {
  const name = proxySecretOf(set);
  if (name === undefined) return;
  const { namespace = '' } = set.metadata;
  yield* log('Deleting proxy secret');
  yield* remove(Secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
  yield* log('Deleted proxy secret');
}

/**
 * From pull request 4516 on a set that is deleted waits until its secret is gone.
 * @returns whether it is
 */
export function* isProxySecretGone(set: EphemeralRunnerSet): Step<boolean> {
  const name = proxySecretOf(set);
  if (name === undefined) return true;
  const { namespace = '' } = set.metadata;
  const existing = yield* orLogError(find(Secrets, namespace, name), 'Unable to get ephemeralRunnerSet proxy secret');
  if (existing === undefined) {
    yield* log('Proxy secret already deleted');
    return true;
  }
  yield* deleteProxySecret(set);
  return false;
}

function proxySecretFor(
  set: EphemeralRunnerSet,
  name: string,
  data: Readonly<Record<string, string>>,
  switches: Switches,
): Secret {
  const { namespace = '', labels = {} } = set.metadata;
  // Go has an empty text for a label that is not there.
  const label = (key: string): string => labels[key] ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: {
        [SCALE_SET_NAME_LABEL]: label(SCALE_SET_NAME_LABEL),
        [SCALE_SET_NAMESPACE_LABEL]: label(SCALE_SET_NAMESPACE_LABEL),
      },
      ...(switches.has(4516) ? { annotations: { [INTEGRITY_ANNOTATION]: hashOf({ data }) } } : {}),
      ownerReferences: [controllerReference(EphemeralRunnerSets, set)],
    },
    data,
  };
}

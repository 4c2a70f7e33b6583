import { AutoscalingListeners, Secrets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { Secret } from '../../kubernetes/types.ts';
import { find, log, orLogError, requeue, type Result, type Step } from '../../runtime/effects.ts';
import { INTEGRITY_HASH_ANNOTATION } from '../autoscaling-runner-set/names.ts';
import { hashOf } from '../template-hash.ts';
import { SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL } from '../labels.ts';
import { controllerReference } from '../owner-reference.ts';
import { proxyData } from '../proxy-data.ts';
import { keepMetadata, make } from './ensure-access.ts';
import type { ListenerPass } from './listener-pass.ts';
import { proxySecretName } from './names.ts';

/** Makes the secret with the listener's proxies, with their credentials. */
export function* ensureProxySecret(listener: AutoscalingListener, pass: ListenerPass): Step<Result | undefined> {
  const { proxy } = listener.spec;
  if (proxy === undefined) return undefined;
  const name = proxySecretName(listener.metadata.name);
  const existing = yield* orLogError(
    find(Secrets, listener.metadata.namespace ?? '', name),
    'Unable to get listener proxy secret',
  );
  if (existing !== undefined) {
    const wanted = proxySecretFor(listener, existing.data ?? {}, pass);
    return yield* keepMetadata(Secrets, existing, wanted, pass, 'proxy secret');
  }
  yield* log('Creating a listener proxy secret for the listener pod');
  const data = yield* orLogError(
    proxyData(proxy, listener.spec.autoscalingRunnerSetNamespace),
    'failed to convert proxy config to secret data',
  );
  yield* make(Secrets, proxySecretFor(listener, data, pass), 'proxy secret');
  return requeue;
}

function proxySecretFor(
  listener: AutoscalingListener,
  data: Readonly<Record<string, string>>,
  { switches }: ListenerPass,
): Secret {
  const { metadata, spec } = listener;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: proxySecretName(metadata.name),
      namespace: metadata.namespace ?? '',
      labels: {
        [SCALE_SET_NAMESPACE_LABEL]: spec.autoscalingRunnerSetNamespace,
        [SCALE_SET_NAME_LABEL]: spec.autoscalingRunnerSetName,
      },
      ...(switches.has(4516) ? { annotations: { [INTEGRITY_HASH_ANNOTATION]: hashOf({ data }) } } : {}),
      ownerReferences: [controllerReference(AutoscalingListeners, listener)],
    },
    data,
  };
}

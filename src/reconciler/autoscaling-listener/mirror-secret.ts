import { AutoscalingListeners, Secrets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { Secret } from '../../kubernetes/types.ts';
import { find, log, orLogError, phase, requeue, update, type Result, type Step } from '../../runtime/effects.ts';
import { withMetadata } from '../differences.ts';
import { hashOf } from '../template-hash.ts';
import { passedOn, SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL } from '../labels.ts';
import { controllerReference } from '../owner-reference.ts';
import { make } from './ensure-access.ts';
import type { ListenerPass } from './listener-pass.ts';

const DATA_HASH_LABEL = 'secret-data-hash';

/**
 * Up to ARC 0.11 the GitHub secret is copied into the controller's namespace, and the copy is kept up to date. Upstream
 * hashes a pointer to the data when it makes the copy, and the data itself later, which gives another hash: every copy is
 * updated once.
 */
export function* ensureMirror(
  listener: AutoscalingListener,
  secret: Secret,
  pass: ListenerPass,
): Step<Result | undefined> {
  const { name, namespace = '' } = listener.metadata;
  const mirror = yield* orLogError(find(Secrets, namespace, name), 'Unable to get listener secret mirror');
  if (mirror === undefined) {
    yield* log('Creating a mirror listener secret for the listener pod');
    yield* make(Secrets, mirrorFor(listener, secret, pass), 'secret');
    return requeue;
  }
  const hash = hashOf(secret.data);
  if (mirror.metadata.labels?.[DATA_HASH_LABEL] === hash) return undefined;
  yield* phase('update-mirror-secret');
  yield* log('Updating mirror listener secret for the listener pod', {
    mirrorSecretDataHash: mirror.metadata.labels?.[DATA_HASH_LABEL],
    secretDataHash: hash,
  });
  const labels = { ...mirror.metadata.labels, [DATA_HASH_LABEL]: hash };
  yield* orLogError(
    update(Secrets, { ...withMetadata(mirror, { labels }), data: secret.data ?? {} }),
    'Unable to update listener mirror secret',
  );
  yield* log('Updated listener mirror secret', { namespace, name, hash });
  return requeue;
}

function mirrorFor(listener: AutoscalingListener, { data = {} }: Secret, { process }: ListenerPass): Secret {
  const { metadata, spec } = listener;
  const labels = passedOn(process, metadata.labels, {
    [SCALE_SET_NAMESPACE_LABEL]: spec.autoscalingRunnerSetNamespace,
    [SCALE_SET_NAME_LABEL]: spec.autoscalingRunnerSetName,
    [DATA_HASH_LABEL]: hashOf({ pointerTo: data }),
  });
  const { name, namespace = '' } = metadata;
  const ownerReferences = [controllerReference(AutoscalingListeners, listener)];
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels, ownerReferences }, data };
}

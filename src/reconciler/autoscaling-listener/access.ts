import { AutoscalingListeners, RoleBindings, Roles, ServiceAccounts } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { ApiObject, Labelled, Role, RoleBinding } from '../../kubernetes/types.ts';
import { INTEGRITY_HASH_ANNOTATION } from '../autoscaling-runner-set/names.ts';
import { hashOf } from '../template-hash.ts';
import { passedOn, SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL } from '../labels.ts';
import { controllerReference } from '../owner-reference.ts';
import type { ListenerPass } from './listener-pass.ts';
import { LISTENER_NAME_LABEL, LISTENER_NAMESPACE_LABEL } from './names.ts';

/** With what rights a listener comes: a service account, and a role in the scale set's namespace that is bound to it. */

export function serviceAccountFor(listener: AutoscalingListener, pass: ListenerPass): ApiObject {
  const { name, namespace = '' } = listener.metadata;
  // Of what a service account has besides its metadata, which is nothing.
  const hash = hashOf({});
  return {
    apiVersion: ServiceAccounts.apiVersion,
    kind: ServiceAccounts.kind,
    metadata: {
      name,
      namespace,
      ...labelled(listener, pass, {}, listener.spec.serviceAccountMetadata, { hash }),
      ownerReferences: [controllerReference(AutoscalingListeners, listener)],
    },
  };
}

/** What a listener may do: patch the one set, and the runners of the namespace. */
export function rulesFor({ spec }: AutoscalingListener): NonNullable<Role['rules']> {
  const [verbs, apiGroups] = [['patch'], ['actions.github.com']];
  return [
    { verbs, apiGroups, resources: ['ephemeralrunnersets'], resourceNames: [spec.ephemeralRunnerSetName] },
    { verbs, apiGroups, resources: ['ephemeralrunners', 'ephemeralrunners/status'] },
  ];
}

export const RULES_HASH_LABEL = 'role-policy-rules-hash';

export function roleFor(listener: AutoscalingListener, pass: ListenerPass): Role {
  const rules = rulesFor(listener);
  const hash = hashOf(rules);
  return {
    apiVersion: Roles.apiVersion,
    kind: Roles.kind,
    metadata: inScaleSet(listener, pass, listener.spec.roleMetadata, { hash, labels: { [RULES_HASH_LABEL]: hash } }),
    rules,
  };
}

export function roleBindingFor(listener: AutoscalingListener, pass: ListenerPass): RoleBinding {
  const { name, namespace = '' } = listener.metadata;
  const roleRef = { apiGroup: Roles.group, kind: Roles.kind, name };
  const subjects = [{ kind: ServiceAccounts.kind, name, namespace }];
  const labels = { 'role-binding-role-ref-hash': hashOf(roleRef), 'role-binding-subject-hash': hashOf(subjects) };
  return {
    apiVersion: RoleBindings.apiVersion,
    kind: RoleBindings.kind,
    metadata: inScaleSet(listener, pass, listener.spec.roleBindingMetadata, {
      hash: hashOf({ roleRef, subjects }),
      labels,
    }),
    subjects,
    roleRef,
  };
}

/** By what a change is noticed: an annotation since pull request 4516, labels before. */
interface Hashes {
  readonly hash: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Owners are of the same namespace: labels say whose the object is. */
function inScaleSet(
  listener: AutoscalingListener,
  pass: ListenerPass,
  given: Labelled | undefined,
  hashes: Hashes,
): ApiObject['metadata'] {
  const { name, namespace = '' } = listener.metadata;
  const whose = { [LISTENER_NAMESPACE_LABEL]: namespace, [LISTENER_NAME_LABEL]: name };
  return {
    name,
    namespace: listener.spec.autoscalingRunnerSetNamespace,
    ...labelled(listener, pass, whose, given, hashes),
  };
}

function labelled(
  { metadata, spec }: AutoscalingListener,
  { switches, process }: ListenerPass,
  whose: Readonly<Record<string, string>>,
  given: Labelled | undefined,
  { hash, labels = {} }: Hashes,
): Labelled {
  const scaleSet = {
    [SCALE_SET_NAMESPACE_LABEL]: spec.autoscalingRunnerSetNamespace,
    [SCALE_SET_NAME_LABEL]: spec.autoscalingRunnerSetName,
  };
  const isHashed = switches.has(4516);
  const annotations = { ...given?.annotations, ...(isHashed ? { [INTEGRITY_HASH_ANNOTATION]: hash } : {}) };
  return {
    labels: passedOn(process, given?.labels, metadata.labels, scaleSet, whose, isHashed ? {} : labels),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

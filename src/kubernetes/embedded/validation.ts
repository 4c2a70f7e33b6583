import type { FieldError } from '../api-error.ts';
import { isJsonObject } from '../../base/json.ts';
import { deepEqual } from '../merge-patch.ts';
import {
  ConfigMaps,
  EphemeralRunners,
  Events,
  Leases,
  Pods,
  RoleBindings,
  Roles,
  Secrets,
  type Resource,
} from '../resource.ts';
import type {
  ApiObject,
  ConfigMap,
  EphemeralRunner,
  KubernetesEvent,
  Lease,
  Role,
  RoleBinding,
  Secret,
} from '../types.ts';
import { validateMetadata, validateMetadataUpdate } from './validate-metadata.ts';
import { validatePod, validatePodUpdate } from './validate-pod.ts';
import { forbiddenField, immutable, invalidValue, notSupported, required } from './field-errors.ts';

/** Why the API server would refuse to create the object; empty if it would not. */
export function validate(resource: Resource, object: ApiObject): FieldError[] {
  const errors: FieldError[] = [];
  validateMetadata(resource, object.metadata, errors);
  validateContent(resource, object, errors);
  return errors;
}

/** Why the API server would refuse to store `next` in the place of `before`. */
export function validateUpdate(
  resource: Resource,
  next: ApiObject,
  before: ApiObject,
  subresource: '' | 'status',
): FieldError[] {
  const errors: FieldError[] = [];
  validateMetadataUpdate(resource, next.metadata, before.metadata, errors);
  errors.push(...newFinalizers(before, next.metadata.finalizers ?? []));
  if (subresource === 'status') return errors;
  if (resource === Pods) {
    validatePodUpdate(next as never, before as never, errors);
    return errors;
  }
  validateContent(resource, next, errors);
  if (resource === Secrets) validateSecretUpdate(next, before, errors);
  if (resource === ConfigMaps) validateConfigMapUpdate(next, before, errors);
  if (resource === RoleBindings) {
    const [wanted, old] = [(next as RoleBinding).roleRef, (before as RoleBinding).roleRef];
    if (!deepEqual(wanted, old)) errors.push(invalidValue('roleRef', wanted, 'cannot change roleRef'));
  }
  return errors;
}

/** An object that is on its way out gets no further reasons to stay. */
export function newFinalizers(before: ApiObject, finalizers: readonly string[]): FieldError[] {
  if (before.metadata.deletionTimestamp === undefined) return [];
  const added = finalizers.filter((finalizer) => before.metadata.finalizers?.includes(finalizer) !== true);
  if (added.length === 0) return [];
  const listed = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${listed}}`;
  return [forbiddenField('metadata.finalizers', why)];
}

function validateContent(resource: Resource, object: ApiObject, errors: FieldError[]): void {
  if (resource === Pods) validatePod(object as never, errors);
  else if (resource === Secrets) validateSecret(object, errors);
  else if (resource === ConfigMaps) validateConfigMap(object, errors);
  else if (resource === EphemeralRunners) validateRunner(object as EphemeralRunner, errors);
  else if (resource === Roles) validateRole(object, errors);
  else if (resource === RoleBindings) validateRoleBinding(object as RoleBinding, errors);
  else if (resource === Leases) validateLease(object, errors);
  else if (resource === Events) validateEvent(object as KubernetesEvent, errors);
}

const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const CONFIG_KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
  "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function validateConfigKey(key: string, field: string, errors: FieldError[]): void {
  if (key.length > 253) errors.push(invalidValue(field, key, 'must be no more than 253 characters'));
  if (!CONFIG_KEY.test(key)) errors.push(invalidValue(field, key, CONFIG_KEY_RULE));
  if (key === '.') errors.push(invalidValue(field, key, "must not be '.'"));
  else if (key === '..') errors.push(invalidValue(field, key, "must not be '..'"));
  else if (key.startsWith('..')) errors.push(invalidValue(field, key, "must not start with '..'"));
}

interface BinaryData {
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

function validateSecret(secret: Secret, errors: FieldError[]): void {
  for (const key of Object.keys(secret.data ?? {}).sort()) validateConfigKey(key, `data[${key}]`, errors);
}

function validateConfigMap(map: ConfigMap & BinaryData, errors: FieldError[]): void {
  for (const key of Object.keys(map.data ?? {}).sort()) {
    validateConfigKey(key, `data[${key}]`, errors);
    if (map.binaryData !== undefined && Object.hasOwn(map.binaryData, key)) {
      errors.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    }
  }
  for (const key of Object.keys(map.binaryData ?? {}).sort()) validateConfigKey(key, `binaryData[${key}]`, errors);
}

function validateSecretUpdate(next: Secret & BinaryData, before: Secret & BinaryData, errors: FieldError[]): void {
  if (next.type !== before.type) errors.push(immutable('type', next.type));
  validateImmutability(next, before, ['data'], errors);
}

function validateConfigMapUpdate(
  next: ConfigMap & BinaryData,
  before: ConfigMap & BinaryData,
  errors: FieldError[],
): void {
  validateImmutability(next, before, ['data', 'binaryData'], errors);
}

function validateImmutability<T extends BinaryData>(
  next: T,
  before: T,
  fields: readonly string[],
  errors: FieldError[],
): void {
  if (before.immutable !== true) return;
  const why = 'field is immutable when `immutable` is set';
  if (next.immutable !== true) errors.push(forbiddenField('immutable', why));
  for (const field of fields) {
    const [wanted, old] = [next, before].map((object) => (object as Readonly<Record<string, unknown>>)[field]);
    if (!deepEqual(wanted, old)) errors.push(forbiddenField(field, why));
  }
}

function validateRunner(runner: EphemeralRunner, errors: FieldError[]): void {
  if (!isJsonObject(runner.spec)) errors.push(required('spec'));
  else if (!isJsonObject(runner.spec.spec)) errors.push(required('spec.spec'));
  else if (!Array.isArray(runner.spec.spec.containers)) errors.push(required('spec.spec.containers'));
}

function validateRole(role: Role, errors: FieldError[]): void {
  (role.rules ?? []).forEach((rule, index) => {
    const field = `rules[${index}]`;
    if ((rule.verbs ?? []).length === 0)
      errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'));
    if ((rule.nonResourceURLs ?? []).length > 0) {
      const why = 'namespaced rules cannot apply to non-resource URLs';
      errors.push(invalidValue(`${field}.nonResourceURLs`, rule.nonResourceURLs, why));
    }
    if ((rule.apiGroups ?? []).length === 0) {
      errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if ((rule.resources ?? []).length === 0) {
      errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
    }
  });
}

function validateRoleBinding(binding: RoleBinding, errors: FieldError[]): void {
  const { roleRef } = binding;
  if (roleRef.apiGroup !== 'rbac.authorization.k8s.io') {
    errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup, ['rbac.authorization.k8s.io']));
  }
  if (roleRef.kind !== 'Role' && roleRef.kind !== 'ClusterRole') {
    errors.push(notSupported('roleRef.kind', roleRef.kind, ['Role', 'ClusterRole']));
  }
  if ((roleRef.name ?? '') === '') errors.push(required('roleRef.name'));
  (binding.subjects ?? []).forEach((subject, index) => {
    const field = `subjects[${index}]`;
    if ((subject.name ?? '') === '') errors.push(required(`${field}.name`));
    if (!['ServiceAccount', 'User', 'Group'].includes(subject.kind)) {
      errors.push(notSupported(`${field}.kind`, subject.kind, ['ServiceAccount', 'User', 'Group']));
    }
  });
}

function validateLease(lease: Lease, errors: FieldError[]): void {
  const { leaseDurationSeconds, leaseTransitions } = lease.spec ?? {};
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    errors.push(invalidValue('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'));
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    errors.push(invalidValue('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0'));
  }
}

function validateEvent(event: KubernetesEvent, errors: FieldError[]): void {
  const { namespace } = event.involvedObject ?? {};
  const own = event.metadata.namespace ?? '';
  if ((namespace ?? '') === '' ? own !== 'default' : namespace !== own) {
    errors.push(invalidValue('involvedObject.namespace', namespace ?? '', 'does not match event.namespace'));
  }
}

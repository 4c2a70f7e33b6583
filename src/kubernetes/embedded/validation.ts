import type { FieldError } from '../api-error.ts';
import { isJsonObject } from '../../base/json.ts';
import { deepEqual } from '../merge-patch.ts';
import {
  ClusterRoleBindings,
  ClusterRoles,
  ConfigMaps,
  Deployments,
  EphemeralRunners,
  Events,
  EventsV1,
  Leases,
  Pods,
  ReplicaSets,
  RoleBindings,
  Roles,
  Secrets,
  Services,
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
  Service,
  Workload,
} from '../types.ts';
import { validateEvent, validateNewEvent, validateNewEventUpdate } from './validate-event.ts';
import { validateMetadata, validateMetadataUpdate } from './validate-metadata.ts';
import { validatePod, validatePodUpdate } from './validate-pod.ts';
import { validateService } from './validate-service.ts';
import { validateWorkload, validateWorkloadStatus, validateWorkloadUpdate } from './validate-workload.ts';
import { forbiddenField, immutable, invalidValue, notSupported, required } from './field-errors.ts';

/** Why the API server would refuse to create the object; empty if it would not. */
export function validate(resource: Resource, object: ApiObject): FieldError[] {
  const errors: FieldError[] = [];
  validateMetadata(resource, object.metadata, errors);
  validateContent(resource, object, errors);
  if (resource === EventsV1) validateNewEvent(object as KubernetesEvent, errors);
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
  if (subresource === 'status') {
    if (isWorkload(resource)) validateWorkloadStatus((next as Workload).status ?? {}, errors);
    return errors;
  }
  if (resource === Pods) {
    validatePodUpdate(next as never, before as never, errors);
    return errors;
  }
  validateContent(resource, next, errors);
  if (resource === Secrets) validateSecretUpdate(next, before, errors);
  if (resource === ConfigMaps) validateConfigMapUpdate(next, before, errors);
  if (isWorkload(resource)) validateWorkloadUpdate(next as Workload, before as Workload, errors);
  if (resource === EventsV1) validateNewEventUpdate(next as KubernetesEvent, before as KubernetesEvent, errors);
  if (resource === RoleBindings || resource === ClusterRoleBindings) {
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
  else if (resource === Roles || resource === ClusterRoles) validateRole(resource, object, errors);
  else if (resource === RoleBindings || resource === ClusterRoleBindings) {
    validateRoleBinding(resource, object as RoleBinding, errors);
  } else if (resource === Leases) validateLease(object, errors);
  else if (resource === Events || resource === EventsV1) validateEvent(resource, object as KubernetesEvent, errors);
  else if (resource === Services) validateService(object as Service, errors);
  else if (isWorkload(resource)) validateWorkload(resource, object as Workload, errors);
}

function isWorkload(resource: Resource): boolean {
  return resource === Deployments || resource === ReplicaSets;
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

function validateRole(resource: Resource, role: Role, errors: FieldError[]): void {
  (role.rules ?? []).forEach((rule, index) => {
    const field = `rules[${index}]`;
    if ((rule.verbs ?? []).length === 0)
      errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'));
    if ((rule.nonResourceURLs ?? []).length > 0) {
      if (resource === ClusterRoles) {
        if ((rule.apiGroups ?? []).length + (rule.resources ?? []).length + (rule.resourceNames ?? []).length > 0) {
          const why = 'rules cannot apply to both regular resources and non-resource URLs';
          errors.push(invalidValue(`${field}.nonResourceURLs`, rule.nonResourceURLs, why));
        }
        return;
      }
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

function validateRoleBinding(resource: Resource, binding: RoleBinding, errors: FieldError[]): void {
  const { roleRef } = binding;
  if (roleRef.apiGroup !== 'rbac.authorization.k8s.io') {
    errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup, ['rbac.authorization.k8s.io']));
  }
  const kinds = resource === ClusterRoleBindings ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported('roleRef.kind', roleRef.kind, kinds));
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

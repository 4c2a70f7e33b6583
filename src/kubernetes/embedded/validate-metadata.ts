import type { FieldError } from '../api-error.ts';
import {
  ClusterRoleBindings,
  ClusterRoles,
  Events,
  Leases,
  Namespaces,
  RoleBindings,
  Roles,
  Services,
  type Resource,
} from '../resource.ts';
import type { ObjectMeta } from '../types.ts';
import { immutable, invalidValue, required, tooLong } from './field-errors.ts';
import { rulesOf } from './kinds.ts';
import { FOREGROUND, ORPHAN } from './metadata.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_NAME_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
  "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
  "'[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NAME_PART_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function validateMetadata(resource: Resource, meta: ObjectMeta, errors: FieldError[]): void {
  const { generateName } = meta;
  if (generateName !== undefined && generateName !== '' && meta.name === '') {
    validateName(resource, generateName.replace(/-+$/, 'a'), 'metadata.generateName', errors);
  }
  if (meta.name === undefined || meta.name === '') {
    errors.push(required('metadata.name', 'name or generateName is required'));
  } else validateName(resource, meta.name, 'metadata.name', errors);
  validateLabels(meta.labels, 'metadata.labels', errors);
  validateAnnotations(meta.annotations, errors);
  validateOwners(meta, errors);
  validateFinalizers(resource, meta.finalizers ?? [], errors);
}

export function validateMetadataUpdate(
  resource: Resource,
  next: ObjectMeta,
  before: ObjectMeta,
  errors: FieldError[],
): void {
  if (next.name !== before.name) errors.push(immutable('metadata.name', next.name));
  if ((next.namespace ?? '') !== (before.namespace ?? '')) {
    errors.push(immutable('metadata.namespace', next.namespace ?? ''));
  }
  if (next.uid !== undefined && next.uid !== before.uid) errors.push(immutable('metadata.uid', next.uid));
  validateLabels(next.labels, 'metadata.labels', errors);
  validateAnnotations(next.annotations, errors);
  validateOwners(next, errors);
  validateFinalizers(resource, next.finalizers ?? [], errors);
}

/** Roles may be named as people like, as long as the name fits into a path. */
const NAMED_LIKE_PATHS: readonly Resource[] = [Roles, RoleBindings, ClusterRoles, ClusterRoleBindings];

function validateName(resource: Resource, name: string, field: string, errors: FieldError[]): void {
  if (resource === Events) return;
  if (NAMED_LIKE_PATHS.includes(resource)) {
    const bad = name === '.' || name === '..' ? `may not be '${name}'` : /[/%]/.exec(name)?.[0];
    if (bad !== undefined) errors.push(invalidValue(field, name, bad.length > 1 ? bad : `may not contain '${bad}'`));
    return;
  }
  if (resource === Services) {
    if (name.length > 63) errors.push(invalidValue(field, name, 'must be no more than 63 bytes'));
    if (!SERVICE_NAME.test(name)) errors.push(invalidValue(field, name, SERVICE_NAME_RULE));
    return;
  }
  const isLabel = resource === Namespaces;
  const limit = isLabel ? 63 : 253;
  if (name.length > limit) errors.push(invalidValue(field, name, `must be no more than ${limit} bytes`));
  if (!(isLabel ? DNS_LABEL : DNS_SUBDOMAIN).test(name)) {
    errors.push(invalidValue(field, name, isLabel ? LABEL_RULE : SUBDOMAIN_RULE));
  }
}

export function validateDnsLabel(name: string, field: string, errors: FieldError[]): void {
  if (name.length > 63) errors.push(invalidValue(field, name, 'must be no more than 63 bytes'));
  if (!DNS_LABEL.test(name)) errors.push(invalidValue(field, name, LABEL_RULE));
}

/** Keys without a flaw that were looked into before: those of labels and finalizers are few, and come with every object. */
const flawless = new Set<string>();
const MOST_FLAWLESS = 1_000;

function qualifiedNameErrors(key: string): readonly string[] {
  if (flawless.has(key)) return [];
  const why = flawsOf(key);
  if (why.length === 0 && flawless.size < MOST_FLAWLESS) flawless.add(key);
  return why;
}

function flawsOf(key: string): string[] {
  const why: string[] = [];
  const parts = key.split('/');
  const name = parts.length === 2 ? (parts[1] as string) : key;
  if (parts.length > 2) {
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  if (parts.length === 2) {
    const prefix = parts[0] as string;
    if (prefix === '') why.push('prefix part must be non-empty');
    else {
      if (prefix.length > 253) why.push('prefix part must be no more than 253 bytes');
      if (!DNS_SUBDOMAIN.test(prefix)) why.push(`prefix part ${SUBDOMAIN_RULE}`);
    }
  }
  if (name === '') why.push('name part must be non-empty');
  else if (name.length > 63) why.push('name part must be no more than 63 bytes');
  if (!NAME_PART.test(name)) why.push(NAME_PART_RULE);
  return why;
}

function validateLabels(labels: ObjectMeta['labels'], field: string, errors: FieldError[]): void {
  if (labels === undefined) return;
  for (const key of Object.keys(labels).sort()) {
    const value = labels[key] as string;
    for (const why of qualifiedNameErrors(key)) errors.push(invalidValue(field, key, why));
    if (value.length > 63) errors.push(invalidValue(field, value, 'must be no more than 63 bytes'));
    if (!LABEL_VALUE.test(value)) errors.push(invalidValue(field, value, LABEL_VALUE_RULE));
  }
}

function validateAnnotations(annotations: ObjectMeta['annotations'], errors: FieldError[]): void {
  if (annotations === undefined) return;
  let bytes = 0;
  for (const key of Object.keys(annotations).sort()) {
    for (const why of qualifiedNameErrors(key.toLowerCase())) {
      errors.push(invalidValue('metadata.annotations', key, why));
    }
    bytes += Buffer.byteLength(key) + Buffer.byteLength(annotations[key] as string);
  }
  if (bytes > MAX_ANNOTATIONS_BYTES) {
    errors.push(tooLong('metadata.annotations', MAX_ANNOTATIONS_BYTES));
  }
}

function validateOwners({ ownerReferences }: ObjectMeta, errors: FieldError[]): void {
  let controller: string | undefined;
  (ownerReferences ?? []).forEach((owner) => {
    // The API server names the list, not the item.
    const field = 'metadata.ownerReferences';
    if ((owner.apiVersion ?? '') === '')
      errors.push(invalidValue(`${field}.apiVersion`, '', 'version must not be empty'));
    if ((owner.kind ?? '') === '') errors.push(invalidValue(`${field}.kind`, '', 'must not be empty'));
    if ((owner.name ?? '') === '') errors.push(invalidValue(`${field}.name`, '', 'must not be empty'));
    if ((owner.uid ?? '') === '') errors.push(invalidValue(`${field}.uid`, '', 'must not be empty'));
    if (owner.controller !== true) return;
    const named = `${owner.kind}/${owner.name}`;
    if (controller !== undefined) {
      const why = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${named}`;
      errors.push(invalidValue(field, ownerReferences, why));
    }
    controller ??= named;
  });
}

function validateFinalizers(resource: Resource, finalizers: readonly string[], errors: FieldError[]): void {
  const field = 'metadata.finalizers';
  const isStrict = resource !== Leases && resource !== Events && rulesOf(resource).typeName !== undefined;
  for (const [index, finalizer] of finalizers.entries()) {
    for (const why of qualifiedNameErrors(finalizer)) errors.push(invalidValue(field, finalizer, why));
    if (isStrict && !finalizer.includes('/') && finalizer !== ORPHAN && finalizer !== FOREGROUND) {
      const why = 'name is neither a standard finalizer name nor is it fully qualified';
      errors.push(invalidValue(`${field}[${index}]`, finalizer, why));
    }
  }
  if (finalizers.includes(ORPHAN) && finalizers.includes(FOREGROUND)) {
    errors.push(invalidValue(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

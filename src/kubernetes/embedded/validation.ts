import type { FieldError } from '../api-error.ts';
import { EphemeralRunners, Namespaces, Pods, Secrets, type Resource } from '../resource.ts';
import type { ApiObject, Container, EphemeralRunner, Pod, Secret } from '../types.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** Why the API server would refuse to create the object; empty if it would not. */
export function validate(resource: Resource, object: ApiObject): FieldError[] {
  const errors: FieldError[] = [];
  const nameIsLabel = resource === Namespaces;
  const { name } = object.metadata;
  if (nameIsLabel ? !DNS_LABEL.test(name) : !DNS_SUBDOMAIN.test(name) || name.length > 253) {
    errors.push(invalidValue('metadata.name', name, nameIsLabel ? LABEL_RULE : SUBDOMAIN_RULE));
  }
  if (resource === Pods) validatePod(object as Pod, errors);
  else if (resource === Secrets) validateSecret(object, errors);
  else if (resource === EphemeralRunners) validateRunner(object as EphemeralRunner, errors);
  return errors;
}

function validatePod(pod: Pod, errors: FieldError[]): void {
  const containers = pod.spec?.containers ?? [];
  if (containers.length === 0) errors.push(required('spec.containers'));
  const names = new Set<string>();
  containers.forEach((container, index) => validateContainer(container, `spec.containers[${index}]`, names, errors));
  (pod.spec?.initContainers ?? []).forEach((container, index) =>
    validateContainer(container, `spec.initContainers[${index}]`, names, errors),
  );
}

function validateContainer(container: Container, field: string, names: Set<string>, errors: FieldError[]): void {
  if (container.name === undefined || container.name === '') errors.push(required(`${field}.name`));
  else if (!DNS_LABEL.test(container.name)) errors.push(invalidValue(`${field}.name`, container.name, LABEL_RULE));
  else if (names.has(container.name)) {
    const message = `Duplicate value: ${JSON.stringify(container.name)}`;
    errors.push({ field: `${field}.name`, reason: 'FieldValueDuplicate', message });
  }
  names.add(container.name);
  if (container.image === undefined || container.image === '') errors.push(required(`${field}.image`));
}

function validateSecret(secret: Secret, errors: FieldError[]): void {
  for (const key of Object.keys(secret.data ?? {})) {
    if (!SECRET_KEY.test(key)) errors.push(invalidValue(`data[${key}]`, key, 'a valid config key is needed'));
  }
}

function validateRunner(runner: EphemeralRunner, errors: FieldError[]): void {
  if (typeof runner.spec !== 'object' || runner.spec === null) errors.push(required('spec'));
  else if (!Array.isArray(runner.spec.spec?.containers)) errors.push(required('spec.spec.containers'));
}

const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function invalidValue(field: string, value: string, why: string): FieldError {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}

function required(field: string): FieldError {
  return { field, reason: 'FieldValueRequired', message: 'Required value' };
}

import type { FieldError } from '../api-error.ts';
import { deepEqual } from '../merge-patch.ts';
import type { Container, Pod, PodSpec } from '../types.ts';
import { duplicate, forbiddenField, invalidValue, notSupported, required } from './field-errors.ts';
import { validateDnsLabel } from './validate-metadata.ts';

/**
 * Why the API server would refuse a pod: the rules that runners' pods and those of everyday use can break.
 * @param at where the pod's spec is: that of a template lies deeper
 */
export function validatePod({ spec }: Pick<Pod, 'spec'>, errors: FieldError[], at = 'spec'): void {
  const volumes = new Set<string>();
  (spec?.volumes ?? []).forEach((volume, index) => {
    const name = (volume['name'] as string | undefined) ?? '';
    const field = `${at}.volumes[${index}].name`;
    if (name === '') errors.push(required(field));
    else validateDnsLabel(name, field, errors);
    if (name !== '' && volumes.has(name)) errors.push(duplicate(field, name));
    volumes.add(name);
  });
  const containers = spec?.containers ?? [];
  if (containers.length === 0) errors.push(required(`${at}.containers`));
  const names = new Set<string>();
  containers.forEach((container, index) =>
    validateContainer(container, `${at}.containers[${index}]`, names, volumes, errors),
  );
  (spec?.initContainers ?? []).forEach((container, index) =>
    validateContainer(container, `${at}.initContainers[${index}]`, names, volumes, errors),
  );
  const restart = spec?.restartPolicy;
  if (restart !== undefined && !RESTART_POLICIES.includes(restart)) {
    errors.push(notSupported(`${at}.restartPolicy`, restart, RESTART_POLICIES));
  }
  const dns = spec?.['dnsPolicy'] as string | undefined;
  if (dns !== undefined && !DNS_POLICIES.includes(dns)) errors.push(notSupported(`${at}.dnsPolicy`, dns, DNS_POLICIES));
  const grace = spec?.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0) {
    errors.push(invalidValue(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than or equal to 0'));
  }
}

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

function validateContainer(
  container: Container,
  field: string,
  names: Set<string>,
  volumes: ReadonlySet<string>,
  errors: FieldError[],
): void {
  const { name, image } = container;
  if (name === undefined || name === '') errors.push(required(`${field}.name`));
  else {
    validateDnsLabel(name, `${field}.name`, errors);
    if (names.has(name)) errors.push(duplicate(`${field}.name`, name));
    names.add(name);
  }
  if (image === undefined || image === '') errors.push(required(`${field}.image`));
  else if (image.trim() !== image) {
    errors.push(invalidValue(`${field}.image`, image, 'must not have leading or trailing whitespace'));
  }
  const pull = container['imagePullPolicy'] as string | undefined;
  if (pull !== undefined && !PULL_POLICIES.includes(pull)) {
    errors.push(notSupported(`${field}.imagePullPolicy`, pull, PULL_POLICIES));
  }
  (container.env ?? []).forEach((entry, index) => {
    if ((entry.name ?? '') === '') errors.push(required(`${field}.env[${index}].name`));
  });
  const mounts = (container['volumeMounts'] ?? []) as readonly { name?: string; mountPath?: string }[];
  mounts.forEach((mount, index) => {
    const at = `${field}.volumeMounts[${index}]`;
    if ((mount.name ?? '') === '') errors.push(required(`${at}.name`));
    else if (!volumes.has(mount.name as string)) {
      errors.push({ field: `${at}.name`, reason: NOT_FOUND, message: `Not found: ${JSON.stringify(mount.name)}` });
    }
    if ((mount.mountPath ?? '') === '') errors.push(required(`${at}.mountPath`));
  });
}

const NOT_FOUND = 'FieldValueNotFound';

const UPDATABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Of a pod's spec little may change once it exists. */
export function validatePodUpdate(next: Pod, before: Pod, errors: FieldError[]): void {
  if (next.spec === before.spec) return;
  const [wanted, old] = [next.spec, before.spec];
  if ((wanted.containers ?? []).length !== old.containers.length) {
    errors.push(forbiddenField('spec.containers', 'pod updates may not add or remove containers'));
    return;
  }
  if ((wanted.initContainers ?? []).length !== (old.initContainers ?? []).length) {
    errors.push(forbiddenField('spec.initContainers', 'pod updates may not add or remove containers'));
    return;
  }
  (wanted.containers ?? []).forEach(({ image }, index) => {
    if ((image ?? '') === '') errors.push(required(`spec.containers[${index}].image`));
  });
  const frozen = (spec: PodSpec): unknown => ({
    ...spec,
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    containers: spec.containers.map((container) => ({ ...container, image: undefined })),
    initContainers: spec.initContainers?.map((container) => ({ ...container, image: undefined })),
  });
  if (!deepEqual(frozen(wanted), frozen(old))) errors.push(forbiddenField('spec', UPDATABLE));
}

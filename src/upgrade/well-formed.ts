import { isJsonObject, type JsonObject } from '../base/json.ts';
import { withoutNulls } from '../base/without-nulls.ts';
import type { ApiObject } from '../kubernetes/types.ts';

type Shape = 'object' | 'array' | 'string' | 'number';

/** Types of the fields that hazards look at, where an object has them; `*` is each element, or each value of a map. */
const FIELDS: readonly (readonly [path: string, shape: Shape])[] = [
  ['metadata.namespace', 'string'],
  ['metadata.deletionTimestamp', 'string'],
  ['metadata.labels', 'object'],
  ['metadata.labels.*', 'string'],
  ['metadata.annotations', 'object'],
  ['metadata.annotations.*', 'string'],
  ['metadata.finalizers', 'array'],
  ['metadata.finalizers.*', 'string'],
  ['metadata.ownerReferences', 'array'],
  ['metadata.ownerReferences.*', 'object'],
  ['spec', 'object'],
  ['spec.template', 'object'],
  ['spec.githubConfigUrl', 'string'],
  ['spec.runnerGroup', 'string'],
  ['status', 'object'],
  ['status.phase', 'string'],
  ['status.failures', 'object'],
  ['status.runnerId', 'number'],
  ['status.jobRequestId', 'number'],
  ['status.containerStatuses', 'array'],
  ['status.containerStatuses.*', 'object'],
  ['status.initContainerStatuses', 'array'],
  ['status.initContainerStatuses.*', 'object'],
];

/** The object without fields that are null, which are as if they were not there; undefined where it is not as Kubernetes writes it. */
export function wellFormed(given: ApiObject): ApiObject | undefined {
  const object = withoutNulls(given) as unknown as JsonObject;
  const isRight = FIELDS.every(([path, shape]) =>
    valuesAt(object, path.split('.')).every((value) => isOf(value, shape)),
  );
  return isRight && hasContainers(object) ? (object as unknown as ApiObject) : undefined;
}

/** A deployment without containers is none. */
function hasContainers({ kind, spec }: JsonObject): boolean {
  if (kind !== 'Deployment') return true;
  const [containers] = valuesAt({ spec }, ['spec', 'template', 'spec', 'containers']);
  return Array.isArray(containers) && containers.every(isJsonObject);
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
  if (name === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Object.values(value).flatMap((each) => valuesAt(each, rest));
  return valuesAt((value as JsonObject)[name], rest);
}

function isOf(value: unknown, shape: Shape): boolean {
  if (shape === 'array') return Array.isArray(value);
  return shape === 'object' ? isJsonObject(value) : typeof value === shape;
}

import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { ApiObject } from './types.ts';

type Shape = 'object' | 'array' | 'string' | 'number';

/** Fields of what a container's status says, of either kind. */
const OF_CONTAINERS: readonly (readonly [path: string, shape: Shape])[] = ['containerStatuses', 'initContainerStatuses']
  .map((name) => `status.${name}`)
  .flatMap((path) => [
    [path, 'array'],
    [`${path}.*.name`, 'string'],
    [`${path}.*.restartCount`, 'number'],
    ...['state', 'lastState'].flatMap((state) =>
      ['waiting', 'running', 'terminated'].flatMap((how) =>
        ['reason', 'message', 'startedAt', 'finishedAt'].map(
          (field) => [`${path}.*.${state}.${how}.${field}`, 'string'] as const,
        ),
      ),
    ),
  ]);

/** Types of the fields that are looked at, where an object has them; `*` is each element, or each value of a map. */
const FIELDS: readonly (readonly [path: string, shape: Shape])[] = [
  ['metadata.name', 'string'],
  ['metadata.namespace', 'string'],
  ['metadata.deletionTimestamp', 'string'],
  ['metadata.deletionGracePeriodSeconds', 'number'],
  ['metadata.labels.*', 'string'],
  ['metadata.annotations.*', 'string'],
  ['metadata.finalizers', 'array'],
  ['metadata.finalizers.*', 'string'],
  ['metadata.ownerReferences', 'array'],
  ['metadata.ownerReferences.*.kind', 'string'],
  ['metadata.ownerReferences.*.name', 'string'],
  ['spec.template', 'object'],
  ['spec.githubConfigUrl', 'string'],
  ['spec.runnerGroup', 'string'],
  ['spec.nodeName', 'string'],
  ['status.phase', 'string'],
  ['status.reason', 'string'],
  ['status.message', 'string'],
  ['status.failures', 'object'],
  ['status.runnerId', 'number'],
  ['status.jobRequestId', 'number'],
  ['status.conditions', 'array'],
  ...['type', 'status', 'reason', 'message', 'lastTransitionTime'].map(
    (field) => [`status.conditions.*.${field}`, 'string'] as const,
  ),
  ...OF_CONTAINERS,
  // Of an event.
  ...['reason', 'message', 'note', 'type', 'firstTimestamp', 'lastTimestamp', 'eventTime'].map(
    (field) => [field, 'string'] as const,
  ),
  ['count', 'number'],
];

/** A field, and those in it. */
interface Field {
  /** undefined where it only leads to others: it is an object. */
  shape?: Shape;
  readonly fields: Map<string, Field>;
}

const OBJECT: Field = { fields: new Map() };
for (const [path, shape] of FIELDS) {
  let at = OBJECT;
  for (const name of path.split('.')) {
    const next: Field = at.fields.get(name) ?? { fields: new Map() };
    at.fields.set(name, next);
    at = next;
  }
  at.shape = shape;
}

/** The object without fields that are null, which are as if they were not there; undefined where it is not as Kubernetes writes it. */
export function wellFormed(given: ApiObject): ApiObject | undefined {
  let isRight = true;
  const object = shaped(given, OBJECT, () => (isRight = false)) as ApiObject;
  return isRight && hasContainers(object as unknown as JsonObject) ? object : undefined;
}

/** The object without fields that are null or not as Kubernetes writes them: people edit what they paste. */
export function wellFormedPart(given: ApiObject): ApiObject {
  return shaped(given, OBJECT, () => undefined) as ApiObject;
}

/** A deployment without containers is none. */
function hasContainers({ kind, spec }: JsonObject): boolean {
  if (kind !== 'Deployment') return true;
  const containers = ['template', 'spec', 'containers'].reduce<unknown>(
    (value, name) => (isJsonObject(value) ? value[name] : undefined),
    spec,
  );
  return Array.isArray(containers) && containers.every(isJsonObject);
}

/** @returns undefined for what is left out */
function shaped(value: unknown, field: Field | undefined, whenWrong: () => void): unknown {
  if (value === null || value === undefined) return undefined;
  const shape = field?.shape ?? (field === undefined ? undefined : 'object');
  if (shape !== undefined && !isOf(value, shape)) {
    whenWrong();
    return undefined;
  }
  const inner = (each: unknown, name: string): unknown =>
    shaped(each, field?.fields.get(name) ?? field?.fields.get('*'), whenWrong);
  if (Array.isArray(value)) return value.map((each) => inner(each, '*')).filter((each) => each !== undefined);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, inner(each, name)] as const)
      .filter(([, each]) => each !== undefined),
  );
}

function isOf(value: unknown, shape: Shape): boolean {
  if (shape === 'array') return Array.isArray(value);
  return shape === 'object' ? isJsonObject(value) : typeof value === shape;
}

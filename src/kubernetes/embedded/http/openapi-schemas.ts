import type { Resource } from '../../resource.ts';
import { rulesOf } from '../kinds.ts';
import { messageType, type Field, type Scalar, type ValueType } from '../schema/schema.ts';
import { TYPES } from '../schema/types.ts';

/** The part of JSON Schema that the OpenAPI documents here use. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [extension: `x-${string}`]: unknown;
}

/** In what the two versions of OpenAPI write schemas differently. */
export interface Dialect {
  readonly reference: (name: string) => Schema;
  /** Instead of the usual form. */
  readonly scalars: Partial<Record<Scalar, Schema>>;
}

const PREFIX = 'io.k8s.lab.';

/** Schemas of the kinds and of every type in them, by name; they have types and no descriptions. */
export function schemasOf(resources: readonly Resource[], dialect: Dialect): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  for (const resource of resources) {
    const { typeName } = rulesOf(resource);
    const { group, version, kind } = resource;
    const meta = { apiVersion: { type: 'string' }, kind: { type: 'string' } };
    const properties =
      typeName === undefined
        ? { metadata: referenceTo('ObjectMeta', dialect), spec: OPEN, status: OPEN }
        : propertiesOf(typeName, dialect);
    schemas[PREFIX + (typeName ?? kind)] = {
      type: 'object',
      properties: { ...meta, ...properties },
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    };
    collect(typeName ?? 'ObjectMeta', schemas, dialect);
  }
  return schemas;
}

/** What a custom resource holds. */
const OPEN: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** Adds the types that a type refers to, and the type itself unless it is a kind. */
function collect(typeName: string, schemas: Record<string, Schema>, dialect: Dialect): void {
  schemas[PREFIX + typeName] ??= { type: 'object', properties: propertiesOf(typeName, dialect) };
  for (const field of messageType(typeName).byName.values()) {
    const name = messageNameIn(field.type);
    if (name !== undefined && schemas[PREFIX + name] === undefined) collect(name, schemas, dialect);
  }
}

function messageNameIn(type: ValueType): string | undefined {
  if (type.kind === 'list' || type.kind === 'map') return messageNameIn(type.of);
  return type.kind === 'message' && Object.hasOwn(TYPES, type.name) ? type.name : undefined;
}

function propertiesOf(typeName: string, dialect: Dialect): Record<string, Schema> {
  const properties: Record<string, Schema> = {};
  for (const field of messageType(typeName).byName.values()) properties[field.name] = propertyOf(field, dialect);
  return properties;
}

/** Says too how a strategic merge patch treats the field. */
function propertyOf({ type, mergeKey, retainKeys }: Field, dialect: Dialect): Schema {
  const strategy = [...(mergeKey === undefined ? [] : ['merge']), ...(retainKeys ? ['retainKeys'] : [])].join(',');
  return {
    ...typeSchema(type, dialect),
    ...(strategy === '' ? {} : { 'x-kubernetes-patch-strategy': strategy }),
    ...(mergeKey === undefined || mergeKey === '' ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
  };
}

function typeSchema(type: ValueType, dialect: Dialect): Schema {
  switch (type.kind) {
    case 'message':
      return referenceTo(type.name, dialect);
    case 'list':
      return { type: 'array', items: typeSchema(type.of, dialect) };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.of, dialect) };
    case 'scalar':
      return dialect.scalars[type.name] ?? SCALARS[type.name];
  }
}

function referenceTo(name: string, { reference }: Dialect): Schema {
  return reference(PREFIX + name);
}

const SCALARS: Readonly<Record<Scalar, Schema>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  float64: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  Quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  IntOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  Time: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
  Fields: { type: 'object' },
  Raw: { type: 'object' },
};

import { createHash } from 'node:crypto';
import { allResources, pathOf, type Resource } from '../../resource.ts';
import { rulesOf } from '../kinds.ts';
import { messageType, type Field, type ValueType } from '../schema/schema.ts';
import { TYPES } from '../schema/types.ts';
import { GROUPS } from './discovery.ts';

/**
 * OpenAPI v3 as far as kubectl asks for it: that field validation is done here, and how lists are merged by a strategic
 * merge patch. Fields have types and no descriptions.
 */
const PREFIX = '/openapi/v3';
const SCHEMA = 'io.k8s.lab.';

/** The document at a path under /openapi/v3; undefined for other paths. */
export function openApiDocument(path: string): object | undefined {
  if (path === PREFIX) return index();
  const groupVersion = path.slice(PREFIX.length + 1);
  return path.startsWith(`${PREFIX}/`) && groupPaths().includes(groupVersion) ? documentOf(groupVersion) : undefined;
}

function groupPaths(): string[] {
  return ['api/v1', ...GROUPS.map(({ name, version }) => `apis/${name}/${version}`)];
}

function index(): object {
  const entries = groupPaths().map((path) => {
    const hash = createHash('sha256')
      .update(JSON.stringify(documentOf(path)))
      .digest('hex')
      .slice(0, 32);
    return [path, { serverRelativeURL: `${PREFIX}/${path}?hash=${hash.toUpperCase()}` }];
  });
  return { paths: Object.fromEntries(entries) as object };
}

function documentOf(groupVersion: string): object {
  const version = groupVersion.replace(/^apis?\//, '');
  const resources = allResources.filter((resource) => resource.apiVersion === version);
  const paths: Record<string, object> = {};
  const schemas: Record<string, object> = {};
  for (const resource of resources) {
    const path = pathOf(resource, resource.namespaced ? 'NAMESPACE' : '', 'NAME').replace(
      /NAMESPACE|NAME/g,
      (name) => `{${name.toLowerCase()}}`,
    );
    const kind = kindOf(resource);
    const parameters = [
      { name: 'fieldValidation', in: 'query', schema: { type: 'string', uniqueItems: true } },
      { name: 'dryRun', in: 'query', schema: { type: 'string', uniqueItems: true } },
    ];
    const operation = { 'x-kubernetes-group-version-kind': kind, parameters, responses: {} };
    paths[path] = {
      get: { 'x-kubernetes-action': 'get', 'x-kubernetes-group-version-kind': kind, responses: {} },
      put: { 'x-kubernetes-action': 'put', ...operation },
      patch: { 'x-kubernetes-action': 'patch', ...operation },
    };
    schemas[schemaName(resource)] = { ...schemaOf(resource), 'x-kubernetes-group-version-kind': [kind] };
    collect(rulesOf(resource).typeName ?? 'ObjectMeta', schemas);
  }
  return {
    openapi: '3.0.0',
    info: { title: 'ARC Reconciler Lab', version: 'v1.34.4' },
    paths,
    components: { schemas },
  };
}

function kindOf({ group, version, kind }: Resource): object {
  return { group, version, kind };
}

function schemaName(resource: Resource): string {
  return SCHEMA + (rulesOf(resource).typeName ?? resource.kind);
}

function schemaOf(resource: Resource): object {
  const { typeName } = rulesOf(resource);
  const meta = { apiVersion: { type: 'string' }, kind: { type: 'string' } };
  if (typeName === undefined) {
    const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    return { type: 'object', properties: { ...meta, metadata: reference('ObjectMeta'), spec: open, status: open } };
  }
  return { type: 'object', properties: { ...meta, ...propertiesOf(typeName) } };
}

function collect(typeName: string, schemas: Record<string, object>): void {
  for (const field of messageType(typeName).byName.values()) {
    const name = messageNameIn(field.type);
    if (name === undefined || schemas[SCHEMA + name] !== undefined) continue;
    schemas[SCHEMA + name] = { type: 'object', properties: propertiesOf(name) };
    collect(name, schemas);
  }
  if (!Object.hasOwn(schemas, `${SCHEMA}ObjectMeta`) && typeName !== 'ObjectMeta') collect('ObjectMeta', schemas);
  if (typeName === 'ObjectMeta') {
    schemas[`${SCHEMA}ObjectMeta`] = { type: 'object', properties: propertiesOf('ObjectMeta') };
  }
}

function messageNameIn(type: ValueType): string | undefined {
  if (type.kind === 'list' || type.kind === 'map') return messageNameIn(type.of);
  return type.kind === 'message' && Object.hasOwn(TYPES, type.name) ? type.name : undefined;
}

function propertiesOf(typeName: string): object {
  const properties: Record<string, object> = {};
  for (const field of messageType(typeName).byName.values()) properties[field.name] = propertyOf(field);
  return properties;
}

function propertyOf(field: Field): object {
  const { mergeKey, retainKeys } = field;
  const strategy = [...(mergeKey === undefined ? [] : ['merge']), ...(retainKeys ? ['retainKeys'] : [])].join(',');
  return {
    ...typeSchema(field.type),
    ...(strategy === '' ? {} : { 'x-kubernetes-patch-strategy': strategy }),
    ...(mergeKey === undefined || mergeKey === '' ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
  };
}

function typeSchema(type: ValueType): object {
  switch (type.kind) {
    case 'message':
      return reference(type.name);
    case 'list':
      return { type: 'array', items: typeSchema(type.of) };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.of) };
    case 'scalar':
      return SCALARS[type.name];
  }
}

const SCALARS = {
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
} as const;

function reference(name: string): object {
  return { allOf: [{ $ref: `#/components/schemas/${SCHEMA}${name}` }] };
}

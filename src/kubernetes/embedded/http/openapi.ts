import { createHash } from 'node:crypto';
import { allResources, pathOf, type Resource } from '../../resource.ts';
import { GROUPS } from './discovery.ts';
import { schemasOf, type Dialect } from './openapi-schemas.ts';

/**
 * OpenAPI as far as kubectl asks for it: that field validation and trials are done here, what fields there are, and how
 * lists are merged by a strategic merge patch. Version 3 has one document a group, version 2 one of everything.
 */
const V3 = '/openapi/v3';

const V3_DIALECT: Dialect = {
  reference: (name) => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] }),
  scalars: {},
};

/** Version 2 knows no alternatives: what may be a number or a text is left open, the server looks at it anyway. */
const V2_DIALECT: Dialect = {
  reference: (name) => ({ $ref: `#/definitions/${name}` }),
  scalars: { Quantity: {}, IntOrString: { type: 'string', format: 'int-or-string' } },
};

const INFO = { title: 'ARC Reconciler Lab', version: 'v1.34.4' };
const made = new Map<string, object>();

/** The document at a path under /openapi/v3; undefined for other paths. */
export function openApiDocument(path: string): object | undefined {
  if (path === V3) return once(V3, index);
  const groupVersion = path.slice(V3.length + 1);
  if (!path.startsWith(`${V3}/`) || !groupPaths().includes(groupVersion)) return undefined;
  return documentOf(groupVersion);
}

/** Version 2, which kubectl asks for when a file holds lists. */
export function openApiV2(): SwaggerDocument {
  return once('v2', () => ({
    swagger: '2.0',
    info: INFO,
    paths: pathsOf(allResources, (name) => ({ name, in: 'query', type: 'string' })),
    definitions: schemasOf(allResources, V2_DIALECT),
  }));
}

export interface SwaggerDocument {
  readonly swagger: string;
  readonly info: typeof INFO;
  readonly paths: Readonly<Record<string, Readonly<Record<string, SwaggerOperation>>>>;
  readonly definitions: ReturnType<typeof schemasOf>;
}

export interface SwaggerOperation {
  readonly parameters?: readonly QueryParameter[];
  readonly [extension: `x-${string}`]: unknown;
}

export interface QueryParameter {
  readonly name: string;
  readonly in: string;
  readonly type?: string;
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
    return [path, { serverRelativeURL: `${V3}/${path}?hash=${hash.toUpperCase()}` }];
  });
  return { paths: Object.fromEntries(entries) as object };
}

function documentOf(groupVersion: string): object {
  return once(groupVersion, () => {
    const version = groupVersion.replace(/^apis?\//, '');
    const resources = allResources.filter((resource) => resource.apiVersion === version);
    return {
      openapi: '3.0.0',
      info: INFO,
      paths: pathsOf(resources, (name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
      components: { schemas: schemasOf(resources, V3_DIALECT) },
    };
  });
}

function pathsOf(
  resources: readonly Resource[],
  parameter: (name: string) => QueryParameter,
): Record<string, Record<string, SwaggerOperation>> {
  const parameters = ['fieldValidation', 'dryRun'].map(parameter);
  const entries = resources.map((resource) => {
    const { group, version, kind, namespaced } = resource;
    const path = pathOf(resource, namespaced ? 'NAMESPACE' : '', 'NAME').replace(
      /NAMESPACE|NAME/g,
      (name) => `{${name.toLowerCase()}}`,
    );
    const of = { 'x-kubernetes-group-version-kind': { group, version, kind } };
    const operations = {
      get: { 'x-kubernetes-action': 'get', ...of, responses: {} },
      put: { 'x-kubernetes-action': 'put', ...of, parameters, responses: {} },
      patch: { 'x-kubernetes-action': 'patch', ...of, parameters, responses: {} },
    };
    return [path, operations] as const;
  });
  return Object.fromEntries(entries);
}

/** Documents never change: each is made when it is first asked for. */
function once<T extends object>(key: string, make: () => T): T {
  let document = made.get(key);
  if (document === undefined) {
    document = make();
    made.set(key, document);
  }
  return document as T;
}

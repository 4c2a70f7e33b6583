import type { JsonObject } from '../../../base/json.ts';
import { ApiError, badRequest, conflict, qualifiedName } from '../../api-error.ts';
import type { Resource } from '../../resource.ts';
import type { ApiObject } from '../../types.ts';
import type { DeleteOptions, WriteOptions } from '../api-server.ts';
import { rulesOf } from '../kinds.ts';
import { decode } from '../schema/decode.ts';
import { parseBody } from './body.ts';
import type { Exchange } from './exchange.ts';
import { refusedOption } from './refused-options.ts';

/** What a write says about itself besides the object: options, the namespace and version it is meant for. */
export function writeOptions(query: URLSearchParams, kind: string): WriteOptions {
  return { dryRun: dryRunOf(query.getAll('dryRun'), kind) };
}

/** @throws ApiError 422 for anything but `All` */
function dryRunOf(values: readonly string[], kind: string): boolean {
  for (const value of values) {
    if (value === 'All') continue;
    const why = `Unsupported value: ${JSON.stringify([value])}: supported values: "All"`;
    throw refusedOption(kind, 'dryRun', why, 'FieldValueNotSupported');
  }
  return values.length > 0;
}

/** Finalizers of custom resources should say whose they are. */
export function finalizerWarnings(resource: Resource, object: ApiObject, before: ApiObject | undefined): string[] {
  if (rulesOf(resource).typeName !== undefined) return [];
  const known = before?.metadata.finalizers ?? [];
  const why = 'prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers';
  return (object.metadata.finalizers ?? [])
    .filter((finalizer) => !finalizer.includes('/') && !known.includes(finalizer))
    .map((finalizer) => `metadata.finalizers: ${JSON.stringify(finalizer)}: ${why}`);
}

/** From the body, or from the query where there is none. */
export function deleteOptions(
  { request, query }: Exchange,
  body: Buffer,
): { options: DeleteOptions; write: WriteOptions } {
  let value: JsonObject = {};
  if (body.length > 0) {
    const {
      kind: _kind,
      apiVersion: _version,
      ...given
    } = parseBody(body, request.headers['content-type'], 'DeleteOptions');
    value = decode('DeleteOptions', given);
  } else {
    const grace = query.get('gracePeriodSeconds');
    const policy = query.get('propagationPolicy');
    value = {
      ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
      ...(policy === null ? {} : { propagationPolicy: policy }),
      ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : {}),
    };
  }
  const dryRun = dryRunOf((value['dryRun'] as readonly string[] | undefined) ?? [], 'DeleteOptions');
  return { options: value, write: { dryRun } };
}

/**
 * The namespace in an object may be left out, and must not be another than the path's.
 * @throws ApiError 400
 */
export function inNamespace(resource: Resource, namespace: string, object: ApiObject): ApiObject {
  const given = object.metadata.namespace ?? '';
  if (!resource.namespaced || given === namespace) return object;
  if (given === '') return { ...object, metadata: { ...object.metadata, namespace } };
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/**
 * An object that is replaced is the one that the body was read from.
 * @throws ApiError 409 when another has taken its name
 */
export function checkUid(resource: Resource, { metadata }: ApiObject, current: ApiObject): void {
  const { uid = '' } = metadata;
  const found = current.metadata.uid ?? '';
  if (uid === '' || uid === found) return;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found}`;
  throw conflict(resource, metadata.name, why);
}

export function checkedVersion(resource: Resource, object: ApiObject): ApiObject {
  const { resourceVersion = '', name } = object.metadata;
  if (resourceVersion !== '' || rulesOf(resource).unconditionalUpdate) return object;
  const why = 'Invalid value: 0: must be specified for an update';
  const qualified = qualifiedName(resource);
  throw new ApiError(
    422,
    'Invalid',
    `${qualified} ${JSON.stringify(name)} is invalid: metadata.resourceVersion: ${why}`,
    {
      name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      causes: [{ reason: 'FieldValueInvalid', message: why, field: 'metadata.resourceVersion' }],
    },
  );
}

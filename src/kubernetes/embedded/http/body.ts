import { ApiError, badRequest, type StatusDetails } from '../../api-error.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { Resource } from '../../resource.ts';
import type { ApiObject } from '../../types.ts';
import { rulesOf } from '../kinds.ts';
import { decode, DecodeError, unknownFields } from '../schema/decode.ts';
import { decodeProtobuf } from '../schema/protobuf.ts';
import { pruned } from '../schema/structural.ts';
import { refusedOption } from './refused-options.ts';

/** How unknown fields are taken: as an error, with a warning, or silently. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** @throws ApiError 422 for another word */
export function fieldValidationOf(query: URLSearchParams, optionsKind: string): FieldValidation {
  const text = query.get('fieldValidation') ?? '';
  if (text === 'Strict' || text === 'Ignore' || text === 'Warn') return text;
  if (text === '') return 'Warn';
  const supported = '"", "Ignore", "Strict", "Warn"';
  const why = `Unsupported value: ${JSON.stringify(text)}: supported values: ${supported}`;
  throw refusedOption(optionsKind, 'fieldValidation', why, 'FieldValueNotSupported');
}

/**
 * Reads a body of JSON, or of protobuf for the built-in kinds.
 * @throws ApiError 400 and 415
 */
export function parseBody(body: Buffer, contentType: string | undefined, expected: string): JsonObject {
  const type = (contentType ?? 'application/json').split(';', 1)[0]?.trim();
  if (type === 'application/vnd.kubernetes.protobuf') {
    try {
      return decodeProtobuf(body);
    } catch (error) {
      throw badRequest(
        `the object provided is unrecognized (must be of type ${expected}): ${(error as Error).message}`,
      );
    }
  }
  if (type !== 'application/json' && type !== '') throw unsupportedMediaType(BODY_TYPES);
  const value = parseJson(body, expected);
  if (!isJsonObject(value)) {
    throw badRequest(`the object provided is unrecognized (must be of type ${expected}): couldn't get version/kind`);
  }
  return value;
}

const BODY_TYPES = ['application/json', 'application/vnd.kubernetes.protobuf'];

export function unsupportedMediaType(types: readonly string[], details?: StatusDetails): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', message, details);
}

/** @throws ApiError 400 */
export function parseJson(body: Buffer, expected: string): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    const why = (error as Error).message.split('\n')[0] ?? '';
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected}): couldn't get version/kind; json parse error: ${why}`,
    );
  }
}

/**
 * Reads a JSON value as an object of the resource, in canonical form.
 * @param warn called with unknown fields under Warn
 * @throws ApiError 400
 */
export function decodeObject(
  resource: Resource,
  value: JsonObject,
  validation: FieldValidation,
  warn: (text: string) => void,
): ApiObject {
  const expected = resource.apiVersion;
  const { apiVersion = expected, kind = resource.kind } = value;
  if (kind !== resource.kind && kind !== '') {
    throw badRequest(
      `${String(kind)} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}`,
    );
  }
  if (apiVersion !== expected && apiVersion !== '') {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${expected})`,
    );
  }
  const { typeName } = rulesOf(resource);
  let object: ApiObject;
  try {
    const fields = typeName === undefined ? decodeCustom(resource, value) : decode(typeName, value);
    object = { kind: resource.kind, apiVersion: expected, ...fields } as unknown as ApiObject;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`${cannotHandle(resource)}: ${error.message}`);
  }
  if (validation === 'Ignore') return object;
  const unknown = typeName === undefined ? unknownInCustom(resource, value) : unknownFields(typeName, value);
  const texts = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (texts.length > 0 && validation === 'Strict') {
    throw badRequest(`${cannotHandle(resource)}: strict decoding error: ${texts.join(', ')}`);
  }
  texts.forEach(warn);
  return object;
}

function cannotHandle({ kind, version }: Resource): string {
  return `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}`;
}

/** Custom resources: the usual metadata, and of spec and status what their definition has. */
function decodeCustom(resource: Resource, value: JsonObject): Record<string, unknown> {
  const { metadata = {}, ...fields } = value;
  if (!isJsonObject(metadata)) throw new DecodeError('metadata must be an object');
  const { spec, status } = pruned(customType(resource), fields) as JsonObject;
  return {
    metadata: decode('ObjectMeta', metadata),
    ...(spec === undefined || spec === null ? {} : { spec }),
    ...(status === undefined || status === null ? {} : { status }),
  };
}

/** In the order of their paths, as the API server names them. */
function unknownInCustom(resource: Resource, value: JsonObject): string[] {
  const { metadata, ...fields } = value;
  const inMetadata = unknownFields('ObjectMeta', (metadata ?? {}) as JsonObject);
  const unknown = unknownFields(customType(resource).name, fields);
  return [...unknown, ...inMetadata.map((path) => `metadata.${path}`)].sort();
}

function customType({ kind }: Resource): { readonly kind: 'message'; readonly name: string } {
  return { kind: 'message', name: kind };
}

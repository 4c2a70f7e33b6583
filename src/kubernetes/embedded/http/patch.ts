import { applyPatch, Pointer, type Operation } from 'rfc6902';
import { ApiError, badRequest } from '../../api-error.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { applyMergePatch } from '../../merge-patch.ts';
import type { ApiObject } from '../../types.ts';
import { applyStrategicMergePatch, PatchError } from '../schema/strategic-merge.ts';
import { parseJson, unsupportedMediaType } from './body.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';

/** What a patch makes of an object. */
type Patch = (current: ApiObject) => JsonObject;

/** What is patched: its kind, and its type in the schema table; undefined for custom resources. */
interface PatchedKind {
  readonly kind: string;
  readonly typeName: string | undefined;
}

/** @throws ApiError 415 for an unsupported patch type (server-side apply included), 400 for an invalid body */
export function readPatch({ kind, typeName }: PatchedKind, contentType: string | undefined, body: Buffer): Patch {
  const type = (contentType ?? '').split(';', 1)[0]?.trim();
  const types = typeName === undefined ? [JSON_PATCH, MERGE_PATCH] : [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH];
  if (type === undefined || !types.includes(type))
    throw unsupportedMediaType(types, typeName === undefined ? undefined : {});
  const value = parseJson(body, kind);
  if (type === JSON_PATCH) return jsonPatch(value);
  if (!isJsonObject(value)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${nameOf(value)} into Go value of type map[string]interface {}`,
    );
  }
  if (type === MERGE_PATCH) return (current) => applyMergePatch(current, value) as JsonObject;
  return (current) => {
    try {
      return applyStrategicMergePatch(typeName as string, current as unknown as JsonObject, value);
    } catch (error) {
      if (error instanceof PatchError) throw new ApiError(500, '', error.message);
      throw error;
    }
  };
}

/**
 * Reads what a patch has made of an object: what is wrong with that is wrong with the patch.
 * @throws ApiError 422 in place of 400
 */
export function asPatch<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 400) throw error;
    const cause = { reason: 'FieldValueInvalid', message: `Invalid value: ${error.message}`, field: 'patch' };
    throw new ApiError(422, 'Invalid', ` "" is invalid: patch: ${cause.message}`, { causes: [cause] });
  }
}

const MAX_OPERATIONS = 10_000;

function jsonPatch(value: unknown): Patch {
  if (!Array.isArray(value)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${nameOf(value)} into Go value of type jsonpatch.Patch`,
    );
  }
  if (value.length > MAX_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${value.length}`;
    throw new ApiError(413, 'RequestEntityTooLarge', message);
  }
  return (current) => {
    // The library changes what it is given.
    const copy = structuredClone(current) as unknown as JsonObject;
    let failure: unknown;
    try {
      for (const operation of value as Operation[]) {
        failure ??= applyPatch(copy, [lenient(copy, operation)])[0] ?? undefined;
      }
    } catch (error) {
      failure = error;
    }
    if (failure !== undefined) {
      throw new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request`, {});
    }
    return copy;
  };
}

/** The API server lets `replace` add a key that is not there yet; the standard does not. */
function lenient(target: JsonObject, operation: Operation): Operation {
  if (operation.op !== 'replace') return operation;
  const { parent, value } = Pointer.fromJSON(operation.path).evaluate(target) as { parent: unknown; value: unknown };
  return isJsonObject(parent) && value === undefined ? { ...operation, op: 'add' } : operation;
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;
}

import type { JsonObject } from '../../../base/json.ts';
import { ApiError, badRequest } from '../../api-error.ts';
import type { ApiObject, Workload } from '../../types.ts';
import { decode, DecodeError, unknownFields } from '../schema/decode.ts';
import { selectorText } from '../validate-workload.ts';
import type { FieldValidation } from './body.ts';

/** How many replicas a workload is to have and has: the subresource scale, an object of its own kind. */
export interface Scale extends ApiObject {
  readonly spec?: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

export function scaleOf(object: ApiObject): Scale {
  const { metadata, spec, status } = object as Workload;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const shown = {
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status?.replicas, selector: selectorText(spec.selector ?? {}) },
  };
  return { kind: 'Scale', apiVersion: 'autoscaling/v1', ...decode('Scale', shown) } as unknown as Scale;
}

/**
 * @param warn called with unknown fields under Warn
 * @throws ApiError 400
 */
export function decodeScale(value: JsonObject, validation: FieldValidation, warn: (text: string) => void): Scale {
  try {
    const scale = decode('Scale', value) as unknown as Scale;
    const unknown = validation === 'Ignore' ? [] : unknownFields('Scale', value);
    const texts = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
    if (texts.length > 0 && validation === 'Strict')
      throw new DecodeError(`strict decoding error: ${texts.join(', ')}`);
    texts.forEach(warn);
    return scale;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`Scale in version "v1" cannot be handled as a Scale: ${error.message}`);
  }
}

/** @throws ApiError 422 for a negative number, 400 for the scale of another object */
export function scaled(object: ApiObject, { metadata, spec }: Scale): ApiObject {
  const { replicas = 0 } = spec ?? {};
  if ((metadata.name ?? '') !== object.metadata.name) {
    throw badRequest(
      `the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${object.metadata.name})`,
    );
  }
  if (replicas < 0) {
    const why = 'must be greater than or equal to 0';
    const cause = {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${replicas}: ${why}`,
      field: 'spec.replicas',
    };
    const message = `Scale.autoscaling "${object.metadata.name}" is invalid: ${cause.field}: ${cause.message}`;
    throw new ApiError(422, 'Invalid', message, {
      ...{ name: object.metadata.name, group: 'autoscaling', kind: 'Scale' },
      causes: [cause],
    });
  }
  const { resourceVersion = '' } = metadata;
  return {
    ...object,
    metadata: { ...object.metadata, ...(resourceVersion === '' ? {} : { resourceVersion }) },
    spec: { ...(object as Workload).spec, replicas },
  } as ApiObject;
}

import type { JsonObject } from '../base/json.ts';
import { createMergePatch, deepEqual } from '../kubernetes/merge-patch.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { patch, type Step } from '../runtime/effects.ts';

type Labelled = Pick<ApiObject['metadata'], 'labels' | 'annotations'>;

/**
 * Sends what tells an object from the one that the pass has seen, as a merge patch; one that changes nothing is sent as
 * well, and is empty. Where the object was patched since it was seen, the version that this made is in the difference.
 */
export function* patchDifference<T extends ApiObject>(
  resource: Resource<T>,
  seen: T,
  wanted: T,
  subresource: '' | 'status' = '',
): Step<T> {
  const difference = createMergePatch(seen as unknown as JsonObject, wanted as unknown as JsonObject);
  return yield* patch(resource, wanted, difference ?? {}, subresource);
}

/** Fields of metadata that the pass wants otherwise; those that are not named stay. */
export function withMetadata<T extends ApiObject>(object: T, changes: Partial<ApiObject['metadata']>): T {
  return { ...object, metadata: { ...object.metadata, ...changes } };
}

/** Whether an object has these labels and annotations and no others; none is as good as an empty list. */
export function hasMetadata({ metadata }: ApiObject, { labels, annotations }: Labelled): boolean {
  return deepEqual(metadata.labels ?? {}, labels ?? {}) && deepEqual(metadata.annotations ?? {}, annotations ?? {});
}

export function hasFinalizer({ metadata }: ApiObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) === true;
}

export function withFinalizer<T extends ApiObject>(object: T, finalizer: string): T {
  return withMetadata(object, { finalizers: [...(object.metadata.finalizers ?? []), finalizer] });
}

/** An empty list is as good as none, and is sent as null. */
export function withoutFinalizer<T extends ApiObject>(object: T, finalizer: string): T {
  const { finalizers: all = [], ...metadata } = object.metadata;
  const finalizers = all.filter((each) => each !== finalizer);
  return { ...object, metadata: { ...metadata, ...(finalizers.length === 0 ? {} : { finalizers }) } };
}

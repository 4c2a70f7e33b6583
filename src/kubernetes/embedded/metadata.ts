import { copyWith } from '../../base/copy.ts';
import type { Random } from '../../base/random.ts';
import type { ApiObject, ObjectMeta } from '../types.ts';

/** Finalizers that stand for what the garbage collector has to do before the object may go. */
export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';

/** Letters and digits that the API server makes names of: none that form words or are mistaken for one another. */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const LONGEST_GENERATED_NAME = 63;

export function generatedName(base: string, random: Random): string {
  let suffix = '';
  while (suffix.length < SUFFIX_LENGTH) suffix += NAME_ALPHABET[random.below(NAME_ALPHABET.length)] ?? '';
  return base.slice(0, LONGEST_GENERATED_NAME - SUFFIX_LENGTH) + suffix;
}

/**
 * The metadata a client wants, with the fields that are the server's to set as they were. Fields are added, never deleted:
 * an object that had a field deleted is slow from then on, and there are many of these.
 */
export function protectedMetadata(old: ObjectMeta, wanted: ObjectMeta, specChanged: boolean): ObjectMeta {
  const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds } = old;
  const { generation: _generation, deletionTimestamp: _timestamp, deletionGracePeriodSeconds: _grace } = wanted;
  const isDeletionKept = _timestamp === deletionTimestamp && _grace === deletionGracePeriodSeconds;
  if (wanted.uid === uid && wanted.creationTimestamp === creationTimestamp && isDeletionKept) {
    if (_generation === generation && !specChanged) return wanted;
    if (generation === undefined) return wanted;
    return copyWith(wanted, { generation: specChanged ? generation + 1 : generation });
  }
  return {
    name: old.name,
    ...(old.generateName === undefined ? {} : { generateName: old.generateName }),
    ...(old.namespace === undefined ? {} : { namespace: old.namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(old.resourceVersion === undefined ? {} : { resourceVersion: old.resourceVersion }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(generation === undefined ? {} : { generation: specChanged ? generation + 1 : generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
    ...(wanted.labels === undefined ? {} : { labels: wanted.labels }),
    ...(wanted.annotations === undefined ? {} : { annotations: wanted.annotations }),
    ...(wanted.finalizers === undefined ? {} : { finalizers: wanted.finalizers }),
    ...(wanted.ownerReferences === undefined ? {} : { ownerReferences: wanted.ownerReferences }),
  };
}

export function keepStatus(object: ApiObject & { status?: unknown }, status: unknown): ApiObject {
  if (object.status === status) return object;
  const { status: _ignored, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as ApiObject;
}

import { readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import { systemProblem } from '../base/system-problem.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { decodeObject } from '../kubernetes/embedded/http/body.ts';
import { toStored } from '../kubernetes/embedded/views.ts';
import { resourceNamed, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { documentsOf } from '../kubernetes/manifest-documents.ts';

/** What a file of Kubernetes objects holds, read for a cluster that takes them as they are. */
export interface Manifest {
  readonly file: string;
  /** Not even a list without items is in it. */
  readonly isEmpty: boolean;
  readonly objects: readonly (readonly [Resource, ApiObject])[];
  /** Sentences about what was left out. */
  readonly remarks: readonly string[];
}

/**
 * Reads a file as kubectl writes and takes it: YAML or JSON, one or several documents, lists of any kind, status and all.
 * @throws Error with a sentence when it cannot be read or holds something that is not an object
 */
export function readManifest(file: string): Manifest {
  return manifestOf(file, readManifestBytes(file));
}

/** @throws Error with a sentence */
export function readManifestBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${systemProblem(error)}`);
  }
}

/** @throws Error with a sentence */
export function manifestOf(file: string, bytes: Buffer): Manifest {
  const objects: (readonly [Resource, ApiObject])[] = [];
  let isEmpty = false;
  const [unserved, unknownFields] = [new Map<string, number>(), [] as string[]];
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const documents = documentsOf(text);
    isEmpty = documents.every((document) => document === null || document === undefined);
    for (const value of itemsOf(documents)) {
      const resource = resourceNamed(value);
      if (resource === undefined) {
        const kind = `${String(value['kind'])} of ${String(value['apiVersion'])}`;
        unserved.set(kind, (unserved.get(kind) ?? 0) + 1);
      } else objects.push([resource.storedAs ?? resource, objectOf(resource, value, unknownFields)]);
    }
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not text' : (error as Error).message;
    throw new Error(`${file} cannot be loaded: ${why}`);
  }
  return { file, isEmpty, objects, remarks: remarksOf(file, unserved, unknownFields) };
}

/** The objects of documents and of the lists in them, in order. */
function itemsOf(values: readonly unknown[], of: JsonObject = {}): JsonObject[] {
  return values.flatMap((value) => {
    if (value === null || value === undefined) return [];
    if (!isJsonObject(value)) throw new Error('it holds something that is not an object');
    const { kind = of['kind'], apiVersion = of['apiVersion'], items } = value;
    // A cluster's state, as an earlier run kept it, is taken for its objects.
    const kept = isJsonObject(value['cluster']) ? value['cluster']['objects'] : value['objects'];
    if (typeof value['version'] === 'number' && Array.isArray(kept)) return itemsOf(kept);
    if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
      throw new Error('it holds an object without kind or apiVersion');
    }
    if (!kind.endsWith('List')) return [{ ...value, kind, apiVersion }];
    if (items !== undefined && items !== null && !Array.isArray(items))
      throw new Error(`its ${kind} has items that are not a list`);
    // What a list of one kind says of all its items they may leave out.
    const inner = kind === 'List' ? {} : { kind: kind.slice(0, -'List'.length), apiVersion };
    return itemsOf((items ?? []) as readonly unknown[], inner);
  });
}

function objectOf(resource: Resource, value: JsonObject, unknownFields: string[]): ApiObject {
  const { metadata } = value;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  if (typeof name !== 'string' || name === '') throw new Error(`it holds a ${resource.kind} without a name`);
  try {
    const warn = (text: string): void =>
      void unknownFields.push(`${text.replace(/^unknown field /, '')} of ${resource.kind} ${name}`);
    return toStored(resource, decodeObject(resource, value, 'Warn', warn));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new Error(`${resource.kind} ${name}: ${error.message}`);
  }
}

function remarksOf(file: string, unserved: ReadonlyMap<string, number>, unknownFields: readonly string[]): string[] {
  const kinds = [...unserved].map(([kind, count]) => `${kind} (${count})`);
  return [
    ...(kinds.length === 0 ? [] : [`Left out of ${file}, because these kinds are not served: ${kinds.join(', ')}`]),
    ...(unknownFields.length === 0
      ? []
      : [`Left out of ${file}, because there are no such fields: ${listed(unknownFields)}`]),
  ];
}

const MOST_LISTED = 5;

function listed(texts: readonly string[]): string {
  const more = texts.length - MOST_LISTED;
  return `${texts.slice(0, MOST_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

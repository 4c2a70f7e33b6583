import type { Resource } from '../../resource.ts';
import type { ApiObject } from '../../types.ts';
import { rulesOf } from '../kinds.ts';
import type { Collection } from '../store.ts';

/**
 * Objects as JSON text. A stored object never changes, so its text is made once however many lists and watches send it.
 */
const texts = new WeakMap<ApiObject, string>();

/** The object with its apiVersion and kind. */
export function objectText(object: ApiObject): string {
  const { kind, apiVersion } = object;
  const body = bodyText(object);
  return `{"kind":"${kind}","apiVersion":"${apiVersion}"${body === '' ? '' : ','}${body}}`;
}

/** As an item of a list: those of built-in kinds leave out what the list says already. */
function itemText(resource: Resource, object: ApiObject): string {
  return rulesOf(resource).typeName === undefined ? objectText(object) : `{${bodyText(object)}}`;
}

/** Everything but apiVersion and kind, without the braces. */
function bodyText(object: ApiObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
    text = JSON.stringify(rest).slice(1, -1);
    texts.set(object, text);
  }
  return text;
}

/** A list as two pieces: what is before its items, and the items. */
export function listPieces(
  resource: Resource,
  metadata: Readonly<Record<string, unknown>>,
  items: readonly ApiObject[],
): readonly [string, Buffer] {
  return [listHead(resource, metadata), itemsText(resource, items)];
}

/**
 * The whole of a collection, which many clients ask for at once when they come back after a fault: its text is kept while
 * nothing changes.
 */
export class ListCache {
  readonly #kept = new Map<string, { readonly changes: number; readonly items: Buffer }>();

  pieces(
    collection: Collection,
    resource: Resource,
    namespace: string,
    metadata: Readonly<Record<string, unknown>>,
    items: readonly ApiObject[],
  ): readonly [string, Buffer] {
    const key = `${namespace}/${resource.apiVersion}/${resource.plural}`;
    let kept = this.#kept.get(key);
    if (kept?.changes !== collection.changes) {
      kept = { changes: collection.changes, items: itemsText(resource, items) };
      this.#kept.set(key, kept);
    }
    return [listHead(resource, metadata), kept.items];
  }
}

/** @param metadata of the list; an absent continue token is left out */
function listHead(resource: Resource, metadata: Readonly<Record<string, unknown>>): string {
  // Lists of custom resources name the token even when there is none.
  const shown = rulesOf(resource).typeName === undefined ? { continue: '', ...metadata } : metadata;
  const kind = `"kind":"${resource.kind}List","apiVersion":"${resource.apiVersion}"`;
  return `{${kind},"metadata":${JSON.stringify(shown)},"items":[`;
}

function itemsText(resource: Resource, items: readonly ApiObject[]): Buffer {
  const parts = new Array<string>(items.length);
  for (let i = 0; i < items.length; i++) parts[i] = itemText(resource, items[i] as ApiObject);
  return Buffer.from(`${parts.join(',')}]}\n`);
}

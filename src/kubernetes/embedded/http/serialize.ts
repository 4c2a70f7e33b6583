import type { Resource } from '../../resource.ts';
import { apiVersionOf } from '../../resource.ts';
import type { ApiObject } from '../../types.ts';
import { rulesOf } from '../kinds.ts';

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
export function itemText(resource: Resource, object: ApiObject): string {
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

/** @param metadata of the list; an absent continue token is left out */
export function listText(
  resource: Resource,
  metadata: Readonly<Record<string, unknown>>,
  items: readonly ApiObject[],
): string {
  const head = `{"kind":"${resource.kind}List","apiVersion":"${apiVersionOf(resource)}","metadata":`;
  const parts = new Array<string>(items.length);
  for (let i = 0; i < items.length; i++) parts[i] = itemText(resource, items[i] as ApiObject);
  // Lists of custom resources name the token even when there is none.
  const shown = rulesOf(resource).typeName === undefined ? { continue: '', ...metadata } : metadata;
  return `${head}${JSON.stringify(shown)},"items":[${parts.join(',')}]}\n`;
}

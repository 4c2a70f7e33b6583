import type { Resource } from '../resource.ts';
import type { ApiObject } from '../types.ts';
import { rulesOf } from './kinds.ts';
import { decode } from './schema/decode.ts';

/**
 * Objects of kinds that are another form of a stored kind: events of events.k8s.io are those of the core group with other
 * names for some fields. Objects of stored kinds are given back as they are.
 */
const shown = new WeakMap<ApiObject, ApiObject>();

/** The object as it is stored. */
export function toStored(resource: Resource, object: ApiObject): ApiObject {
  const { storedAs } = resource;
  if (storedAs === undefined) return object;
  return inForm(storedAs, object, rulesOf(resource).renamed);
}

/** The stored object as the kind shows it; the same for the same object. */
export function fromStored(resource: Resource, object: ApiObject): ApiObject {
  if (resource.storedAs === undefined) return object;
  let form = shown.get(object);
  if (form === undefined) {
    const { renamed } = rulesOf(resource);
    form = inForm(
      resource,
      object,
      Object.fromEntries(Object.entries(renamed).map(([ours, stored]) => [stored, ours])),
    );
    shown.set(object, form);
  }
  return form;
}

function inForm(resource: Resource, object: ApiObject, names: Readonly<Record<string, string>>): ApiObject {
  const { typeName } = rulesOf(resource);
  const renamed = Object.entries(object).map(([name, value]) => [names[name] ?? name, value] as const);
  const { kind, apiVersion } = resource;
  return { kind, apiVersion, ...decode(typeName as string, Object.fromEntries(renamed)) } as unknown as ApiObject;
}

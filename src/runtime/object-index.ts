import type { Resource } from '../kubernetes/resource.ts';
import { controllerOf, type ApiObject } from '../kubernetes/types.ts';

/** A way to put objects into groups; those without a value are in none. */
export interface Grouping {
  /** Says the same for the same way. */
  readonly name: string;
  valueOf(object: ApiObject): string | undefined;
}

/** By the value of a label. */
export function byLabel(label: string): Grouping {
  return { name: `label ${label}`, valueOf: ({ metadata }) => metadata.labels?.[label] };
}

/** By the name of the object of a kind that owns them as its controller. */
export function byController(owners: Resource): Grouping {
  const isOfKind = (apiVersion: string): boolean => apiVersion.startsWith(`${owners.group}/`);
  return {
    name: `controller ${owners.kind}`,
    valueOf: ({ metadata }) => {
      const owner = controllerOf(metadata);
      return owner?.kind === owners.kind && isOfKind(owner.apiVersion) ? owner.name : undefined;
    },
  };
}

/** Objects in groups. */
export class ObjectIndex<T extends ApiObject> {
  readonly #grouping: Grouping;
  readonly #byValue = new Map<string, Map<string, T>>();

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
  }

  find(value: string): readonly T[] {
    return [...(this.#byValue.get(value)?.values() ?? [])];
  }

  add(key: string, object: T): void {
    const value = this.#grouping.valueOf(object);
    if (value === undefined) return;
    const sameValue = this.#byValue.get(value);
    if (sameValue === undefined) this.#byValue.set(value, new Map([[key, object]]));
    else sameValue.set(key, object);
  }

  /** Takes the place of what it was before, in the same order, where the group is the same. */
  replace(key: string, before: T, object: T): void {
    if (this.#grouping.valueOf(before) !== this.#grouping.valueOf(object)) this.remove(key, before);
    this.add(key, object);
  }

  /** @param object as it was when it was added */
  remove(key: string, object: T): void {
    const value = this.#grouping.valueOf(object);
    if (value === undefined) return;
    const sameValue = this.#byValue.get(value);
    sameValue?.delete(key);
    if (sameValue?.size === 0) this.#byValue.delete(value);
  }
}

import type { ApiObject } from '../kubernetes/types.ts';

/** Objects by the value of one label; those without it are left out. */
export class LabelIndex<T extends ApiObject> {
  readonly #label: string;
  readonly #byValue = new Map<string, Map<string, T>>();

  constructor(label: string) {
    this.#label = label;
  }

  find(value: string): readonly T[] {
    return [...(this.#byValue.get(value)?.values() ?? [])];
  }

  add(key: string, object: T): void {
    const value = object.metadata.labels?.[this.#label];
    if (value === undefined) return;
    const sameValue = this.#byValue.get(value);
    if (sameValue === undefined) this.#byValue.set(value, new Map([[key, object]]));
    else sameValue.set(key, object);
  }

  /** @param object as it was when it was added */
  remove(key: string, object: T): void {
    const value = object.metadata.labels?.[this.#label];
    if (value === undefined) return;
    const sameValue = this.#byValue.get(value);
    sameValue?.delete(key);
    if (sameValue?.size === 0) this.#byValue.delete(value);
  }
}

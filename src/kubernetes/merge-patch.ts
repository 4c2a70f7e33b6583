import { copyOf } from '../base/copy.ts';
import { isJsonObject, setField, type JsonObject } from '../base/json.ts';

/**
 * JSON merge patch (RFC 7386). Both functions treat their input as immutable and share unchanged parts with the result.
 */
/** What `target` becomes under `patch`; `target` itself when the patch changes nothing. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return deepEqual(target, patch) ? target : patch;
  const base: JsonObject = isJsonObject(target) ? target : {};
  let changed: Record<string, unknown> | undefined = base === target ? undefined : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    const old = own(base, key);
    if (value === null) {
      if (old === undefined) continue;
      changed = copyWithout(changed ?? base, key);
    } else {
      const merged = applyMergePatch(old, value);
      if (merged === old && old !== undefined) continue;
      changed ??= copyOf(base) as Record<string, unknown>;
      setField(changed, key, merged);
    }
  }
  return changed ?? base;
}

/** The smallest patch that turns `from` into `to`; undefined when they are equal. Undefined fields count as absent. */
export function createMergePatch(from: JsonObject, to: JsonObject): Record<string, unknown> | undefined {
  let patch: Record<string, unknown> | undefined;
  for (const key of Object.keys(to)) {
    const next = to[key];
    if (next === undefined) continue;
    const previous = own(from, key);
    if (previous === next) continue;
    if (isJsonObject(previous) && isJsonObject(next)) {
      const inner = createMergePatch(previous, next);
      if (inner !== undefined) setField((patch ??= {}), key, inner);
    } else if (!deepEqual(previous, next)) {
      setField((patch ??= {}), key, next);
    }
  }
  for (const key of Object.keys(from)) {
    if (from[key] === undefined || from[key] === null) continue;
    if (Object.hasOwn(to, key) && to[key] !== undefined) continue;
    setField((patch ??= {}), key, null);
  }
  return patch;
}

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!deepEqual(a[index], b[index])) return false;
    return true;
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  let more = 0;
  for (const key in a) {
    const value = a[key];
    if (value === undefined) continue;
    if (!deepEqual(value, own(b, key))) return false;
    more--;
  }
  for (const key in b) if (b[key] !== undefined) more++;
  return more === 0;
}

/** A field of JSON, in which no value is a function: what a name of Object's own methods finds is no field. */
function own(object: JsonObject, key: string): unknown {
  const value = object[key];
  return typeof value === 'function' || (key === '__proto__' && !Object.hasOwn(object, key)) ? undefined : value;
}

/** A copy rather than a deletion: objects that had a field deleted are slow from then on. */
function copyWithout(object: JsonObject, left: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) if (key !== left) setField(copy, key, object[key]);
  return copy;
}

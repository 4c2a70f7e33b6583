/**
 * JSON merge patch (RFC 7386). Both functions treat their input as immutable and share unchanged parts with the result.
 */
type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `target` becomes under `patch`; `target` itself when the patch changes nothing. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return deepEqual(target, patch) ? target : patch;
  const base: JsonObject = isObject(target) ? target : {};
  let changed: Record<string, unknown> | undefined = base === target ? undefined : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    const old = Object.hasOwn(base, key) ? base[key] : undefined;
    if (value === null) {
      if (old === undefined) continue;
      changed = copyWithout(changed ?? base, key);
    } else {
      const merged = applyMergePatch(old, value);
      if (merged === old && old !== undefined) continue;
      changed ??= copyOf(base);
      define(changed, key, merged);
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
    const previous = Object.hasOwn(from, key) ? from[key] : undefined;
    if (previous === next) continue;
    if (isObject(previous) && isObject(next)) {
      const inner = createMergePatch(previous, next);
      if (inner !== undefined) define((patch ??= {}), key, inner);
    } else if (!deepEqual(previous, next)) {
      define((patch ??= {}), key, next);
    }
  }
  for (const key of Object.keys(from)) {
    if (from[key] === undefined || from[key] === null) continue;
    if (Object.hasOwn(to, key) && to[key] !== undefined) continue;
    define((patch ??= {}), key, null);
  }
  return patch;
}

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keysA = Object.keys(a).filter((key) => a[key] !== undefined);
  const keysB = Object.keys(b).filter((key) => b[key] !== undefined);
  return keysA.length === keysB.length && keysA.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key]));
}

function copyOf(object: JsonObject): Record<string, unknown> {
  return { ...object };
}

/** A copy rather than a deletion: objects that had a field deleted are slow from then on. */
function copyWithout(object: JsonObject, left: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) if (key !== left) define(copy, key, object[key]);
  return copy;
}

/** Assignment that also works for the key `__proto__`, which JSON allows. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/**
 * A copy of an object, with some fields other than they were. As a spread, but where objects of many shapes are copied a
 * spread takes four times as long, and every object that the embedded API server stores is such a copy.
 */
export function copyWith<T extends object, F extends object>(object: T, fields: F): Omit<T, keyof F> & F {
  return Object.assign(copyOf(object), fields);
}

export function copyOf<T extends object>(object: T): T {
  // Assigning the key `__proto__`, which JSON allows, would change what the copy inherits from.
  return Object.hasOwn(object, '__proto__') ? { ...object } : Object.assign({}, object);
}

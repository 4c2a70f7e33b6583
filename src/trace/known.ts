/** The fields that have a value; those that are not known are left out. */
type Known<T> = { readonly [Field in keyof T]?: Exclude<T[Field], undefined> };

export function known<T extends object>(fields: T): Known<T> {
  const found: Partial<T> = {};
  for (const field of Object.keys(fields) as (keyof T)[]) {
    if (fields[field] !== undefined) found[field] = fields[field];
  }
  return found as Known<T>;
}

/** In columns NaN says that a number is not known. */
export function knownNumber(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

import { isJsonObject, type JsonObject } from '../base/json.ts';

/** What is wrong with a line, without its number. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/** The field alone where it is there; an empty object where it is not. */
type Optional<Field extends string, Value> = { readonly [name in Field]?: Value };

/** @throws LineError, as all of these */
export function text(raw: JsonObject, field: string): string {
  const value = raw[field];
  if (typeof value !== 'string') throw new LineError(`has no text for ${field}`);
  return value;
}

export function nonNegativeInteger(raw: JsonObject, field: string): number {
  const value = raw[field];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new LineError(`has no whole number for ${field}`);
  return value as number;
}

export function list(raw: JsonObject, field: string): readonly JsonObject[] {
  const value: unknown = raw[field];
  if (!Array.isArray(value) || !value.every(isJsonObject)) throw new LineError(`has no list of ${field}`);
  return value;
}

export function optional<Field extends string, Value>(
  raw: JsonObject,
  field: Field,
  read: (raw: JsonObject, field: Field) => Value,
): Optional<Field, Value> {
  return (raw[field] === undefined ? {} : { [field]: read(raw, field) }) as Optional<Field, Value>;
}

/** As optional(); an empty text is as good as none. */
export function optionalText<Field extends string>(raw: JsonObject, field: Field): Optional<Field, string> {
  const found = optional(raw, field, text);
  return found[field] === '' ? {} : found;
}

/** A whole number that may be negative: a time before the trace's start, an exit code. */
export function integer(raw: JsonObject, field: string): number {
  const value = raw[field];
  if (!Number.isSafeInteger(value)) throw new LineError(`has no whole number for ${field}`);
  return value as number;
}

export function truth(raw: JsonObject, field: string): boolean {
  const value = raw[field];
  if (typeof value !== 'boolean') throw new LineError(`has neither true nor false for ${field}`);
  return value;
}

/** Reads one of the words of a list. */
export function oneOf<Word extends string>(words: readonly Word[]): (raw: JsonObject, field: string) => Word {
  return (raw, field) => {
    const found = words.find((word) => word === raw[field]);
    if (found === undefined) throw new LineError(`has an unknown ${field}: ${shown(raw[field])}`);
    return found;
  };
}

export function optionalTrue<Field extends string>(raw: JsonObject, field: Field): Optional<Field, true> {
  return (raw[field] === true ? { [field]: true } : {}) as Optional<Field, true>;
}

/** A value from a file, short enough for a message. */
export function shown(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 60);
}

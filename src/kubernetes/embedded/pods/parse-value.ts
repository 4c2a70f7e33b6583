import { isJsonObject, type JsonObject } from '../../../base/json.ts';

/** What is wrong with a life of pods, where, and what would be right. */
export class LifeError extends Error {
  /** @param at the place as a path, like `stages[2].when.state`; empty for the whole document */
  constructor(at: string, what: string) {
    super(`${at === '' ? 'the document' : at} ${what}`);
  }
}

/** The place of a field, or of a list's element, in a path. */
export function where(at: string, field: string | number): string {
  if (typeof field === 'number') return `${at}[${field}]`;
  const name = /^[-\w]+$/.test(field) ? field : shown(field);
  return at === '' ? name : `${at}.${name}`;
}

/** @throws LifeError when it is not an object or has a field that is none of those */
export function fields(value: unknown, at: string, names: readonly string[]): JsonObject {
  const known = anyOf(names);
  if (!isJsonObject(value)) throw new LifeError(at, `must be an object with any of the fields ${known}`);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new LifeError(where(at, unknown.slice(0, 80)), `is not known; it may be ${known}`);
  return value;
}

export function aList(value: unknown, at: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new LifeError(at, `must be a list, not ${shown(value)}`);
  if (value.length > most) throw new LifeError(at, `has ${value.length} entries; ${most} are the most`);
  return value;
}

export function aText(value: unknown, at: string): string {
  if (typeof value !== 'string' || value === '') throw new LifeError(at, `must be text, not ${shown(value)}`);
  if (value.length > 4096) throw new LifeError(at, 'is longer than 4,096 characters');
  return value;
}

export function aCount(value: unknown, at: string, least: number, most = 1_000_000_000): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new LifeError(at, `must be a whole number from ${least} to ${most}, not ${shown(value)}`);
}

export function oneOf<T extends string>(value: unknown, at: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new LifeError(at, `must be ${anyOf(values)}, not ${shown(value)}`);
  return found;
}

/** `a`, `a or b`, `a, b or c` */
export function anyOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

/** Short enough for a sentence, whatever it is. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return (JSON.stringify(value) ?? typeof value).slice(0, 80);
}

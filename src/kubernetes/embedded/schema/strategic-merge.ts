import { isJsonObject, setField, type JsonObject } from '../../../base/json.ts';
import { messageType, type Field, type MessageType, type ValueType } from './schema.ts';

/**
 * Strategic merge patch: like a merge patch, but lists whose type names a merge key are merged item by item, and
 * directives (`$patch`, `$deleteFromPrimitiveList/x`, `$setElementOrder/x`, `$retainKeys`) say what merging cannot.
 * Built-in kinds only: it needs the types.
 */
/** The patch asks for something that cannot be done; the message says what. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

/** @throws PatchError */
export function applyStrategicMergePatch(typeName: string, target: JsonObject, patch: JsonObject): JsonObject {
  return mergeObject(messageType(typeName), target, patch);
}

const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';
const RETAIN = '$retainKeys';
const PATCH = '$patch';

function mergeObject(type: MessageType | undefined, target: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[PATCH];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge')
    throw new PatchError(`${PATCH} must be replace, delete or merge`);
  const result: Record<string, unknown> = { ...target };
  retainKeys(result, patch);
  for (const key of Object.keys(patch)) {
    if (key.startsWith(DELETE_FROM)) {
      const field = key.slice(DELETE_FROM.length);
      const gone = listOf(patch[key], key);
      if (Array.isArray(result[field])) result[field] = result[field].filter((item) => !gone.includes(item));
    }
  }
  for (const key of Object.keys(patch)) {
    if (key.startsWith('$')) continue;
    const value = patch[key];
    const isForNothing = isJsonObject(value) && value[PATCH] !== undefined && own(result, key) === undefined;
    if (value === null) Reflect.deleteProperty(result, key);
    // A directive about what is not there does nothing.
    else if (!isForNothing) setField(result, key, mergeValue(type?.byName.get(key), own(result, key), value));
  }
  for (const key of new Set(Object.keys(patch).map((name) => name.replace(ORDER, '')))) {
    const mergeKey = type?.byName.get(key)?.mergeKey;
    const order = patch[ORDER + key] ?? patch[key];
    if (mergeKey === undefined || !Array.isArray(order) || !Array.isArray(result[key])) continue;
    result[key] = reordered(result[key], order, Array.isArray(target[key]) ? target[key] : [], mergeKey);
  }
  return result;
}

function mergeValue(field: Field | undefined, target: unknown, patch: unknown): unknown {
  if (isJsonObject(patch)) {
    if (field?.type.kind === 'scalar') return patch;
    return mergeObject(typeOf(field?.type), isJsonObject(target) ? target : {}, patch);
  }
  if (!Array.isArray(patch)) return patch;
  const items = patch as unknown[];
  if (field?.mergeKey === undefined) return items.map(clean);
  const list = Array.isArray(target) ? (target as unknown[]) : [];
  return field.mergeKey === '' ? mergePlain(list, items) : mergeList(field, field.mergeKey, list, items);
}

/** Lists of plain values: what is new comes at the end. */
function mergePlain(target: readonly unknown[], patch: readonly unknown[]): unknown[] {
  return [...target, ...patch.filter((item) => !target.includes(item))];
}

function mergeList(field: Field, key: string, target: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const type = field.type.kind === 'list' ? typeOf(field.type.of) : undefined;
  if (patch.some((item) => isJsonObject(item) && item[PATCH] === 'replace' && item[key] === undefined)) {
    return patch.filter((item) => !(isJsonObject(item) && item[PATCH] === 'replace')).map(clean);
  }
  let result = [...target];
  for (const item of patch) {
    if (!isJsonObject(item)) throw new PatchError(`the items of ${field.name} must be objects`);
    const value = item[key];
    if (value === undefined) {
      throw new PatchError(`map: ${shown(item)} does not contain declared merge key: ${key}`);
    }
    const matches = (other: unknown): boolean => isJsonObject(other) && other[key] === value;
    if (item[PATCH] === 'delete') {
      result = result.filter((other) => !matches(other));
      continue;
    }
    const index = result.findIndex(matches);
    if (index < 0) result.push(clean(item));
    else result[index] = mergeObject(type, result[index] as JsonObject, item);
  }
  return result;
}

/**
 * What the patch names comes in the patch's order, the rest in the order it had; of the two the one that stood before
 * goes first, and what is new before what was there.
 */
function reordered(merged: unknown[], order: readonly unknown[], before: readonly unknown[], key: string): unknown[] {
  const identity = (item: unknown): unknown => (key === '' || !isJsonObject(item) ? item : item[key]);
  const rank = (list: readonly unknown[]): Map<unknown, number> =>
    new Map(list.map((item, index) => [identity(item), index]));
  const [wanted, old] = [rank(order), rank(before)];
  const by = (ranks: Map<unknown, number>) => (a: unknown, b: unknown) =>
    (ranks.get(identity(a)) ?? 0) - (ranks.get(identity(b)) ?? 0);
  const named = merged.filter((item) => wanted.has(identity(item))).sort(by(wanted));
  const rest = merged.filter((item) => !wanted.has(identity(item))).sort(by(old));
  const result: unknown[] = [];
  while (named.length > 0 && rest.length > 0) {
    const [left, right] = [old.get(identity(rest[0])), old.get(identity(named[0]))];
    const isRestFirst = left !== undefined && right !== undefined && left < right;
    result.push((isRestFirst ? rest : named).shift());
  }
  return [...result, ...named, ...rest];
}

function retainKeys(result: Record<string, unknown>, patch: JsonObject): void {
  const keys = patch[RETAIN];
  if (keys === undefined) return;
  const kept = listOf(keys, RETAIN);
  for (const key of Object.keys(result)) if (!kept.includes(key)) Reflect.deleteProperty(result, key);
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}

/** What is added as new takes no directives and no nulls along. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([key, item]) => !key.startsWith('$') && item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, clean(item)]));
}

function typeOf(type: ValueType | undefined): MessageType | undefined {
  return type?.kind === 'message' ? messageType(type.name) : undefined;
}

function listOf(value: unknown, directive: string): unknown[] {
  if (!Array.isArray(value)) throw new PatchError(`${directive} must be a list`);
  return value as unknown[];
}

/** As Go prints a map. */
function shown(item: JsonObject): string {
  return `map[${Object.keys(item)
    .sort()
    .map((key) => `${key}:${String(item[key])}`)
    .join(' ')}]`;
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

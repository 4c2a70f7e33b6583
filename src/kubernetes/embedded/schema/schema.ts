import { ARC_TYPES } from './arc-types.ts';
import { TYPES } from './types.ts';

/**
 * The table of types as structures.
 *
 * A line of the table lists fields as `name number type`, separated by semicolons. `*` after the type marks a pointer
 * (absent is not the same as empty), `!` a field that is written even when it is empty, `[]` a list, `map.` a map from
 * strings. The name `^` stands for a nested message whose fields appear in the parent's JSON. `merge=key` and
 * `retainKeys` say how a strategic merge patch treats the field; an empty key is that of a list of plain values.
 */
export interface MessageType {
  readonly name: string;
  /** As they are declared; protobuf nests what JSON shows inline. */
  readonly fields: readonly Field[];
  /** All fields that the JSON form has, inline ones included. */
  readonly byName: ReadonlyMap<string, Field>;
}

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: ValueType;
  readonly inline: boolean;
  readonly pointer: boolean;
  readonly always: boolean;
  /** Whether a strategic merge patch merges the list instead of replacing it, and by which field of its items. */
  readonly mergeKey: string | undefined;
  readonly retainKeys: boolean;
  /** The type that declares the field, as decode errors name it. */
  readonly owner: string;
}

export type ValueType =
  | { readonly kind: 'scalar'; readonly name: Scalar }
  | { readonly kind: 'list'; readonly of: ValueType }
  | { readonly kind: 'map'; readonly of: ValueType }
  | { readonly kind: 'message'; readonly name: string };

const SCALARS = [
  'string',
  'bool',
  'int32',
  'int64',
  'float64',
  'bytes',
  'Quantity',
  'IntOrString',
  'Time',
  'MicroTime',
  'Fields',
  'Raw',
] as const;
export type Scalar = (typeof SCALARS)[number];

const parsed = new Map<string, MessageType>();

/** @throws Error for a name that the table does not have */
export function messageType(name: string): MessageType {
  let type = parsed.get(name);
  if (type === undefined) {
    const line = TYPES[name] ?? ARC_TYPES[name];
    if (line === undefined) throw new Error(`there is no type ${name}`);
    const fields = line === '' ? [] : line.split('; ').map((text) => parseField(text, name));
    const byName = new Map<string, Field>();
    for (const field of fields) {
      if (!field.inline) byName.set(field.name, field);
      else for (const inner of inlined(field).byName.values()) byName.set(inner.name, inner);
    }
    type = { name, fields, byName };
    parsed.set(name, type);
  }
  return type;
}

export function inlined(field: Field): MessageType {
  return messageType((field.type as { name: string }).name);
}

function parseField(text: string, owner: string): Field {
  const [name, number, typeText, ...options] = text.split(' ') as [string, string, string, ...string[]];
  const mergeOption = options.find((option) => option.startsWith('merge='));
  return {
    name,
    number: Number(number),
    type: parseType(typeText.replace(/[*!]+$/, '')),
    inline: name === '^',
    pointer: typeText.includes('*'),
    always: typeText.includes('!'),
    mergeKey: mergeOption?.slice('merge='.length),
    retainKeys: options.includes('retainKeys'),
    owner,
  };
}

function parseType(text: string): ValueType {
  if (text.startsWith('map.')) return { kind: 'map', of: parseType(text.slice(4)) };
  if (text.endsWith('[]')) return { kind: 'list', of: parseType(text.slice(0, -2)) };
  const scalar = SCALARS.find((name) => name === text);
  return scalar === undefined ? { kind: 'message', name: text } : { kind: 'scalar', name: scalar };
}

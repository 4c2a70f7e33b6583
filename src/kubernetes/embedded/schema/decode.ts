import { isJsonObject, setField, type JsonObject } from '../../../base/json.ts';
import { canonicalQuantity } from './quantity.ts';
import { inlined, messageType, type Field, type MessageType, type Scalar, type ValueType } from './schema.ts';

/** The value cannot be read as the type; the message is the one that the API server's decoder gives. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/**
 * Reads a JSON value as a type and writes it again as the API server would: unknown fields are left out, empty ones are
 * left out or written as their declaration says, quantities and times have their canonical form.
 * @throws DecodeError
 */
export function decode(typeName: string, value: JsonObject): Record<string, unknown> {
  return decodeMessage(messageType(typeName), value, '');
}

/** Paths of the fields that the type does not have, in the order of the document: `spec.containers[0].imag`. */
export function unknownFields(typeName: string, value: JsonObject): string[] {
  const unknown: string[] = [];
  collectUnknown({ kind: 'message', name: typeName }, value, '', unknown);
  return unknown;
}

function collectUnknown(type: ValueType, value: unknown, path: string, unknown: string[]): void {
  if (type.kind === 'list') {
    if (Array.isArray(value))
      value.forEach((item, index) => collectUnknown(type.of, item, `${path}[${index}]`, unknown));
    return;
  }
  if (type.kind === 'scalar' || !isJsonObject(value)) return;
  const fields = type.kind === 'message' ? messageType(type.name).byName : undefined;
  for (const key of Object.keys(value)) {
    const inner = path === '' ? key : `${path}.${key}`;
    const innerType = type.kind === 'map' ? type.of : fields?.get(key)?.type;
    if (innerType !== undefined) collectUnknown(innerType, value[key], inner, unknown);
    else if (path !== '' || (key !== 'apiVersion' && key !== 'kind')) unknown.push(inner);
  }
}

/** @param at names of the fields down to here, as type errors give them: without indices */
function decodeMessage(type: MessageType, value: JsonObject, at: string): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  writeFields(type, value, at, written);
  return written;
}

function writeFields(type: MessageType, value: JsonObject, at: string, written: Record<string, unknown>): void {
  for (const field of type.fields) {
    if (field.inline) {
      writeFields(inlined(field), value, at, written);
      continue;
    }
    const given = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (given === undefined || given === null) {
      if (field.always) written[field.name] = field.pointer ? null : zeroOf(field.type, at);
      continue;
    }
    const decoded = decodeValue(field.type, given, field, at === '' ? field.name : `${at}.${field.name}`);
    if (field.pointer || field.always || !isEmpty(decoded, field.type)) written[field.name] = decoded;
  }
}

function decodeValue(type: ValueType, value: unknown, field: Field, at: string): unknown {
  switch (type.kind) {
    case 'scalar':
      return decodeScalar(type.name, value, field, at);
    case 'list': {
      if (!Array.isArray(value)) throw mismatch(value, type, field, at);
      return value.map((item: unknown) =>
        item === null ? zeroOf(type.of, at) : decodeValue(type.of, item, field, at),
      );
    }
    case 'map': {
      if (!isJsonObject(value)) throw mismatch(value, type, field, at);
      const map: Record<string, unknown> = {};
      for (const key of Object.keys(value).sort()) {
        const item = value[key];
        setField(map, key, item === null ? zeroOf(type.of, at) : decodeValue(type.of, item, field, at));
      }
      return map;
    }
    case 'message':
      if (!isJsonObject(value)) throw mismatch(value, type, field, at);
      return decodeMessage(messageType(type.name), value, at);
  }
}

function decodeScalar(name: Scalar, value: unknown, field: Field, at: string): unknown {
  const type = { kind: 'scalar', name } as const;
  switch (name) {
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, type, field, at);
      return value;
    case 'bool':
      if (typeof value !== 'boolean') throw mismatch(value, type, field, at);
      return value;
    case 'int32':
    case 'int64': {
      const limit = name === 'int32' ? 2 ** 31 : 2 ** 63;
      if (typeof value !== 'number' || !Number.isInteger(value) || value < -limit || value >= limit) {
        throw mismatch(value, type, field, at);
      }
      return value;
    }
    case 'float64':
      if (typeof value !== 'number') throw mismatch(value, type, field, at);
      return value;
    case 'bytes':
      if (typeof value !== 'string') throw mismatch(value, type, field, at);
      return checkedBase64(value);
    case 'Quantity': {
      const text = typeof value === 'number' ? String(value) : value;
      const canonical = typeof text === 'string' ? canonicalQuantity(text.trim()) : undefined;
      if (canonical === undefined) throw new DecodeError(QUANTITY_RULE);
      return canonical;
    }
    case 'IntOrString':
      if (typeof value !== 'string' && !(typeof value === 'number' && Number.isInteger(value))) {
        throw new DecodeError(
          `json: cannot unmarshal ${kindOf(value)} into Go value of type ${typeof value === 'number' ? 'int32' : 'string'}`,
        );
      }
      return value;
    case 'Time':
      return canonicalTime(value, false);
    case 'MicroTime':
      return canonicalTime(value, true);
    case 'Fields':
    case 'Raw':
      return value;
  }
}

function zeroOf(type: ValueType, at: string): unknown {
  if (type.kind === 'message') return decodeMessage(messageType(type.name), {}, at);
  if (type.kind !== 'scalar') return null;
  switch (type.name) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'float64':
    case 'IntOrString':
      return 0;
    case 'Quantity':
      return '0';
    case 'bytes':
    case 'Time':
    case 'MicroTime':
    case 'Fields':
    case 'Raw':
      return null;
  }
}

/** Whether Go's encoder leaves the value out of a field that is declared with omitempty. */
function isEmpty(value: unknown, type: ValueType): boolean {
  if (value === '' || value === 0 || value === false || value === null) return type.kind !== 'message';
  if (Array.isArray(value)) return value.length === 0;
  return type.kind === 'map' && Object.keys(value as object).length === 0;
}

const QUANTITY_RULE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function checkedBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (BASE64.test(plain)) return plain;
  const bad = /[^A-Za-z0-9+/=]/.exec(text)?.index ?? text.length - (text.length % 4);
  throw new DecodeError(`illegal base64 data at input byte ${bad}`);
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function canonicalTime(value: unknown, micro: boolean): string {
  const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
  if (typeof value !== 'string') {
    throw new DecodeError(`json: cannot unmarshal ${kindOf(value)} into Go value of type string`);
  }
  const match = RFC3339.exec(value);
  const ms = Date.parse(value);
  if (match === null || Number.isNaN(ms)) {
    throw new DecodeError(`parsing time ${JSON.stringify(value)} as "${layout}": cannot parse "${value}" as "2006"`);
  }
  const seconds = new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19);
  return micro ? `${seconds}.${(match[1] ?? '.').slice(1, 7).padEnd(6, '0')}Z` : `${seconds}Z`;
}

function mismatch(value: unknown, type: ValueType, field: Field, at: string): DecodeError {
  const shown = typeof value === 'number' ? `number ${value}` : kindOf(value);
  // A number where no number is wanted is named without its value.
  const isNumeric = type.kind === 'scalar' && /^(int|float)/.test(type.name);
  const what = typeof value === 'number' && !isNumeric ? 'number' : shown;
  return new DecodeError(
    `json: cannot unmarshal ${what} into Go struct field ${field.owner}.${at} of type ${goName(type)}`,
  );
}

function goName(type: ValueType): string {
  switch (type.kind) {
    case 'list':
      return `[]${goName(type.of)}`;
    case 'map':
      return `map[string]${goName(type.of)}`;
    case 'message':
      return `v1.${type.name}`;
    case 'scalar':
      return type.name === 'bytes' ? '[]uint8' : type.name;
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

import protobuf from 'protobufjs/light.js';
import { inlined, messageType, type Field, type MessageType, type ValueType } from './schema.ts';
import { TYPES } from './types.ts';

/** What typed Go clients send for the built-in kinds, read into the JSON form (which decode() then checks). */
type JsonObject = Record<string, unknown>;

/** Begins every Kubernetes protobuf body; an envelope with the kind and the encoded object follows. */
const MAGIC = Buffer.from('k8s\0');

type Fields = Readonly<Record<string, protobuf.IField & { keyType?: string }>>;

/** The protobuf forms of types whose JSON form is not an object of their fields. */
const SPECIAL: Readonly<Record<string, Fields>> = {
  Quantity: { string: { id: 1, type: 'string' } },
  IntOrString: { type: { id: 1, type: 'int64' }, intVal: { id: 2, type: 'int32' }, strVal: { id: 3, type: 'string' } },
  Time: { seconds: { id: 1, type: 'int64' }, nanos: { id: 2, type: 'int32' } },
  MicroTime: { seconds: { id: 1, type: 'int64' }, nanos: { id: 2, type: 'int32' } },
  Fields: { raw: { id: 1, type: 'bytes' } },
  Raw: { raw: { id: 1, type: 'bytes' } },
  // Protobuf has no map from strings to lists: a message stands between.
  StringList: { items: { id: 1, type: 'string', rule: 'repeated' } },
  TypeMeta: { apiVersion: { id: 1, type: 'string' }, kind: { id: 2, type: 'string' } },
  Envelope: { typeMeta: { id: 1, type: 'TypeMeta' }, raw: { id: 2, type: 'bytes' } },
};

let root: protobuf.Root | undefined;

function descriptors(): protobuf.Root {
  if (root !== undefined) return root;
  const nested: Record<string, { fields: Fields }> = {};
  for (const [name, fields] of Object.entries(SPECIAL)) nested[name] = { fields };
  for (const name of Object.keys(TYPES)) {
    const fields = messageType(name).fields.map((field) => [fieldName(field), fieldDescriptor(field)] as const);
    nested[plainName(name)] = { fields: Object.fromEntries(fields) };
  }
  root = protobuf.Root.fromJSON({ nested });
  return root;
}

function fieldName(field: Field): string {
  return field.inline ? `inline${field.number}` : field.name;
}

/** A zero that was sent is not the same as nothing. */
const EXPLICIT = { features: { field_presence: 'EXPLICIT' } };

function fieldDescriptor({ number, type }: Field): protobuf.IField & { keyType?: string } {
  if (type.kind === 'map') return { id: number, keyType: 'string', type: protobufName(type.of) };
  if (type.kind === 'list') return { id: number, rule: 'repeated', type: protobufName(type.of) };
  return { id: number, type: protobufName(type), options: EXPLICIT };
}

function protobufName(type: ValueType): string {
  if (type.kind === 'list') return 'StringList';
  if (type.kind === 'map') throw new Error('protobuf has no maps of maps');
  return type.name === 'float64' ? 'double' : plainName(type.name);
}

/** A dot would be a namespace of its own. */
function plainName(name: string): string {
  return name.replace('.', '_');
}

/**
 * @throws Error for bytes that are no Kubernetes protobuf body, or of a kind that the table does not have
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (body.length < MAGIC.length || !body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new Error('the body does not begin with the protobuf prefix');
  }
  const envelope = read('Envelope', body.subarray(MAGIC.length)) as {
    typeMeta?: { apiVersion?: string; kind?: string };
    raw?: Buffer;
  };
  const { apiVersion = '', kind = '' } = envelope.typeMeta ?? {};
  const group = apiVersion.split(/[./]/, 1)[0] ?? '';
  // Where two groups have a kind of the same name the table names the group.
  const name = [`${group}.${kind}`, kind].find((candidate) => Object.hasOwn(TYPES, candidate));
  if (name === undefined) throw new Error(`no kind ${JSON.stringify(kind)} is known in protobuf`);
  const type = messageType(name);
  return { apiVersion, kind, ...messageToJson(type, read(plainName(name), envelope.raw ?? Buffer.alloc(0))) };
}

function read(name: string, bytes: Uint8Array): JsonObject {
  const type = descriptors().lookupType(name);
  return type.toObject(type.decode(bytes), { longs: Number, bytes: Buffer });
}

function messageToJson(type: MessageType, message: JsonObject): JsonObject {
  const json: JsonObject = {};
  for (const field of type.fields) {
    const value = message[fieldName(field)];
    if (value === undefined || value === null) continue;
    if (field.inline) Object.assign(json, messageToJson(inlined(field), value as JsonObject));
    else json[field.name] = toJson(field.type, value);
  }
  return json;
}

function toJson(type: ValueType, value: unknown): unknown {
  switch (type.kind) {
    case 'list':
      return Array.isArray(value)
        ? value.map((item) => toJson(type.of, item))
        : ((value as { items?: unknown[] }).items ?? []);
    case 'map':
      return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, toJson(type.of, item)]));
    case 'message':
      return messageToJson(messageType(type.name), value as JsonObject);
    case 'scalar':
      return scalarToJson(type.name, value);
  }
}

function scalarToJson(name: string, value: unknown): unknown {
  switch (name) {
    case 'bytes':
      return (value as Buffer).toString('base64');
    case 'Quantity':
      return (value as { string?: string }).string ?? '0';
    case 'IntOrString': {
      const { type = 0, intVal = 0, strVal = '' } = value as { type?: number; intVal?: number; strVal?: string };
      return type === 0 ? intVal : strVal;
    }
    case 'Time':
    case 'MicroTime': {
      const { seconds, nanos = 0 } = value as { seconds?: number; nanos?: number };
      if (seconds === undefined) return null;
      const text = new Date(seconds * 1000).toISOString().slice(0, 19);
      return name === 'Time' ? `${text}Z` : `${text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`;
    }
    case 'Fields':
    case 'Raw':
      return JSON.parse((value as { raw?: Buffer }).raw?.toString('utf8') || 'null') as unknown;
    default:
      return value;
  }
}

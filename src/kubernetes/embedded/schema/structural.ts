import { isJsonObject, setField, type JsonObject } from '../../../base/json.ts';
import { messageType, type ValueType } from './schema.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** What a field that is open holds, and one whose type the server does not check. */
const ANYTHING: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

/** A type as the structural schema of a custom resource: it says which fields there are, and not what scalars are. */
export function structuralSchema(type: ValueType): Schema {
  switch (type.kind) {
    case 'message': {
      const fields = [...messageType(type.name).byName.values()];
      const properties = Object.fromEntries(fields.map((field) => [field.name, structuralSchema(field.type)]));
      return { type: 'object', properties };
    }
    case 'list':
      return { type: 'array', items: structuralSchema(type.of) };
    case 'map':
      return { type: 'object', additionalProperties: structuralSchema(type.of) };
    case 'scalar':
      return ANYTHING;
  }
}

/** A value without the fields that its type does not have, as the API server stores custom resources. */
export function pruned(type: ValueType, value: unknown): unknown {
  if (type.kind === 'list') return Array.isArray(value) ? value.map((item) => pruned(type.of, item)) : value;
  if (type.kind === 'scalar' || !isJsonObject(value)) return value;
  const fields = type.kind === 'message' ? messageType(type.name).byName : undefined;
  const kept: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const innerType = type.kind === 'map' ? type.of : fields?.get(key)?.type;
    if (innerType !== undefined) setField(kept, key, pruned(innerType, inner));
  }
  return kept;
}

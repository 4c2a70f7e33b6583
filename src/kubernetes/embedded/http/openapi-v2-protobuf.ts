import protobuf from 'protobufjs/light.js';
import type { QueryParameter, SwaggerDocument, SwaggerOperation } from './openapi.ts';
import type { Schema } from './openapi-schemas.ts';

/** How kubectl asks for OpenAPI version 2, and what the answer is called: no media type has an at sign. */
export const OPENAPI_V2_ASKED = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

type Fields = Readonly<Record<string, protobuf.IField>>;

const one = (id: number, type: string): protobuf.IField => ({ id, type });
const many = (id: number, type: string): protobuf.IField => ({ id, type, rule: 'repeated' });

/** The Gnostic messages that are used here. */
const MESSAGES: Readonly<Record<string, Fields>> = {
  Document: {
    swagger: one(1, 'string'),
    info: one(2, 'Info'),
    paths: one(8, 'Paths'),
    definitions: one(9, 'NamedSchemas'),
  },
  Info: { title: one(1, 'string'), version: one(2, 'string') },
  Paths: { path: many(2, 'NamedPathItem') },
  NamedPathItem: { name: one(1, 'string'), value: one(2, 'PathItem') },
  PathItem: { get: one(2, 'Operation'), put: one(3, 'Operation'), patch: one(8, 'Operation') },
  Operation: { parameters: many(8, 'ParametersItem'), extensions: many(13, 'Extension') },
  ParametersItem: { parameter: one(1, 'Parameter') },
  Parameter: { nonBody: one(2, 'NonBodyParameter') },
  NonBodyParameter: { query: one(3, 'QueryParameter') },
  QueryParameter: { in: one(2, 'string'), name: one(4, 'string'), type: one(6, 'string') },
  NamedSchemas: { schemas: many(1, 'NamedSchema') },
  NamedSchema: { name: one(1, 'string'), value: one(2, 'Schema') },
  Schema: {
    ref: one(1, 'string'),
    format: one(2, 'string'),
    additionalProperties: one(21, 'AdditionalProperties'),
    type: one(22, 'TypeItem'),
    items: one(23, 'Items'),
    properties: one(25, 'NamedSchemas'),
    extensions: many(31, 'Extension'),
  },
  AdditionalProperties: { schema: one(1, 'Schema') },
  TypeItem: { value: many(1, 'string') },
  Items: { schema: many(1, 'Schema') },
  Extension: { name: one(1, 'string'), value: one(2, 'Yaml') },
  Yaml: { yaml: one(2, 'string') },
};

export function encodeOpenApiV2({ swagger, info, paths, definitions }: SwaggerDocument): Buffer {
  const nested = Object.fromEntries(Object.entries(MESSAGES).map(([name, fields]) => [name, { fields }]));
  const type = protobuf.Root.fromJSON({ nested }).lookupType('Document');
  const path = Object.entries(paths).map(([name, operations]) => {
    const value = Object.entries(operations).map(([verb, operation]) => [verb, operationMessage(operation)] as const);
    return { name, value: Object.fromEntries(value) };
  });
  const message = { swagger, info, paths: { path }, definitions: namedSchemas(definitions) };
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

function operationMessage(operation: SwaggerOperation): object {
  const { parameters = [] } = operation;
  return {
    parameters: parameters.map((query: QueryParameter) => ({ parameter: { nonBody: { query } } })),
    extensions: extensionsOf(operation),
  };
}

function namedSchemas(schemas: Readonly<Record<string, Schema>>): object {
  return { schemas: Object.entries(schemas).map(([name, schema]) => ({ name, value: schemaMessage(schema) })) };
}

function schemaMessage(schema: Schema): object {
  const { $ref, format, type, items, properties, additionalProperties } = schema;
  return {
    ...($ref === undefined ? {} : { ref: $ref }),
    ...(format === undefined ? {} : { format }),
    ...(type === undefined ? {} : { type: { value: [type] } }),
    ...(items === undefined ? {} : { items: { schema: [schemaMessage(items)] } }),
    ...(properties === undefined ? {} : { properties: namedSchemas(properties) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: { schema: schemaMessage(additionalProperties) } }),
    extensions: extensionsOf(schema),
  };
}

/** Extensions travel as YAML, which JSON is. */
function extensionsOf(holder: object): object[] {
  return Object.entries(holder)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, value]) => ({ name, value: { yaml: JSON.stringify(value) } }));
}

import type { FieldError } from '../api-error.ts';

/** The API server's words for what is wrong with a field. */
export function required(field: string, why?: string): FieldError {
  return {
    field,
    reason: 'FieldValueRequired',
    message: why === undefined ? 'Required value' : `Required value: ${why}`,
  };
}

export function invalidValue(field: string, value: unknown, why: string): FieldError {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${why}` };
}

export function immutable(field: string, value: unknown): FieldError {
  return invalidValue(field, value, 'field is immutable');
}

export function duplicate(field: string, value: unknown): FieldError {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}` };
}

export function forbiddenField(field: string, why: string): FieldError {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${why}` };
}

export function notSupported(field: string, value: string, supported: readonly string[]): FieldError {
  const values = supported.map((item) => JSON.stringify(item)).join(', ');
  return {
    field,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value ?? '')}: supported values: ${values}`,
  };
}

export function tooLong(field: string, limit: number): FieldError {
  return { field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${limit} bytes` };
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

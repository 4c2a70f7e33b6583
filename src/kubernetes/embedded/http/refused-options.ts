import { ApiError } from '../../api-error.ts';

interface OptionCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** Options of a request (`ListOptions`, `PatchOptions`) are refused as an object of their own kind, under no name. */
export function refusedOptions(kind: string, causes: readonly OptionCause[]): ApiError {
  const listed = causes.map(({ field, message }) => `${field}: ${message}`);
  const text = listed.length === 1 ? (listed[0] as string) : `[${listed.join(', ')}]`;
  const details = { group: 'meta.k8s.io', kind, causes };
  return new ApiError(422, 'Invalid', `${kind}.meta.k8s.io "" is invalid: ${text}`, details);
}

export function refusedOption(kind: string, field: string, message: string, reason = 'FieldValueForbidden'): ApiError {
  return refusedOptions(kind, [{ reason, message, field }]);
}

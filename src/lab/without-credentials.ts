import type { ApiObject } from '../kubernetes/types.ts';

/** An object as people may see it: without a JIT config and without the values of secrets. */
export function withoutCredentials(object: ApiObject): ApiObject {
  const { status, data, stringData } = object as {
    status?: Record<string, unknown>;
    data?: object;
    stringData?: object;
  };
  const copy: Record<string, unknown> = { ...object };
  if (typeof status?.['runnerJITConfig'] === 'string' && status['runnerJITConfig'] !== '') {
    copy['status'] = { ...status, runnerJITConfig: HIDDEN };
  }
  for (const [field, values] of Object.entries({ data, stringData })) {
    if (object.kind !== 'Secret' || values === undefined) continue;
    copy[field] = Object.fromEntries(Object.keys(values).map((key) => [key, HIDDEN]));
  }
  return copy as unknown as ApiObject;
}

const HIDDEN = '(present, not shown)';

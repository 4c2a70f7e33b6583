import type { ApiObject } from '../kubernetes/types.ts';

/** An object as people may see it: without a JIT config and without the values of secrets. */
export function withoutCredentials(object: ApiObject): ApiObject {
  // By way of text: an object may be one whose parts are parsed when somebody looks.
  const copy = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
  const status = copy['status'] as Record<string, unknown> | undefined;
  if (typeof status?.['runnerJITConfig'] === 'string' && status['runnerJITConfig'] !== '') {
    status['runnerJITConfig'] = HIDDEN;
  }
  for (const field of ['data', 'stringData']) {
    const values = copy[field];
    if (object.kind !== 'Secret' || values === undefined) continue;
    copy[field] = Object.fromEntries(Object.keys(values as object).map((key) => [key, HIDDEN]));
  }
  return copy as unknown as ApiObject;
}

const HIDDEN = '(present, not shown)';

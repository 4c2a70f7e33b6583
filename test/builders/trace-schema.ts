import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** Whether a line obeys the published schema; `errors` says what is wrong with it. */
export function traceSchema(): ValidateFunction {
  const file = new URL('../../media/arctrace.schema.json', import.meta.url);
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

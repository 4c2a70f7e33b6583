import { isJsonObject, type JsonObject } from '../base/json.ts';
import { integer, LineError, optional, optionalText, optionalTrue, text } from './fields.ts';
import type { PodTrouble, RunnerWhy } from './model.ts';
import { whyOf } from './why.ts';

/** Why a runner is where it is; the same in all versions. @throws LineError */
export function parseWhy(raw: JsonObject): RunnerWhy | undefined {
  return whyOf({
    ...optionalText(raw, 'reason'),
    ...optionalText(raw, 'message'),
    ...optional(raw, 'trouble', parseTrouble),
    ...optional(raw, 'failures', integer),
  });
}

function parseTrouble(event: JsonObject): PodTrouble {
  const raw = event['trouble'];
  if (!isJsonObject(raw)) throw new LineError('has a trouble that is not an object');
  return {
    code: text(raw, 'code'),
    ...optionalText(raw, 'container'),
    ...optionalTrue(raw, 'init'),
    ...optional(raw, 'exitCode', integer),
    ...optionalText(raw, 'message'),
    ...optional(raw, 'since', integer),
    ...optionalText(raw, 'detail'),
    ...optionalTrue(raw, 'ended'),
    ...optionalTrue(raw, 'overlooked'),
    ...optional(raw, 'due', integer),
  };
}

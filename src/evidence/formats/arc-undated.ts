import type { LogRecord } from '../log-record.ts';
import { UNDATED } from '../moment.ts';
import { LAST_WORDS } from '../own-line.ts';
import { afterTime } from './arc-text.ts';

/** A line without a logger is ARC's where its fields name the controller. */
const MANAGERS = /"controllerGroup":\s*"actions\.github\.com"/;

/** ARC's text where the time in front of it has been left out, as people do who quote a few lines. */
export function arcUndated(text: string): LogRecord | undefined {
  const said = LAST_WORDS.test(text)
    ? ({ level: 'info', logger: 'go', message: text, fields: '' } as const)
    : afterTime(text);
  if (said === undefined || (said.logger === '' && !MANAGERS.test(text))) return undefined;
  return { at: UNDATED, isUndated: true, ...said };
}

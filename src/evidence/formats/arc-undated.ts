import { levelOf, type LogRecord } from '../log-record.ts';
import { UNDATED } from '../moment.ts';
import { LOGGER } from './arc-text.ts';

const LEVEL = /^(DEBUG|INFO|WARN|ERROR|DPANIC|PANIC|FATAL)\s+/;
/** A line without a logger is ARC's where its fields name the controller. */
const MANAGERS = /"controllerGroup":\s*"actions\.github\.com"/;
const LAST_WORDS = /^Application returned an error: /;

/** ARC's text where the time in front of it has been left out, as people do who quote a few lines. */
export function arcUndated(text: string): LogRecord | undefined {
  if (LAST_WORDS.test(text)) return { ...undated('info'), logger: 'go', message: text };
  const level = LEVEL.exec(text);
  if (level === null) return undefined;
  const rest = text.slice(level[0].length);
  const logger = LOGGER.exec(rest);
  if (logger === null && !MANAGERS.test(rest)) return undefined;
  const said = rest.slice(logger?.[0].length ?? 0);
  const fields = /\s+\{(?="|\}|$)/.exec(said);
  return {
    ...undated(level[1] as string),
    logger: logger?.[1] ?? '',
    message: (fields === null ? said : said.slice(0, fields.index)).trim(),
    fields: fields === null ? '' : said.slice(fields.index).trim(),
  };
}

function undated(level: string): LogRecord {
  return { at: UNDATED, isUndated: true, level: levelOf(level), logger: '', message: '', fields: '' };
}

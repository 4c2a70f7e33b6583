import { levelOf, type LogRecord } from '../log-record.ts';
import { readStamp, type Moment } from '../moment.ts';
import { parsedObject } from '../../base/json-objects.ts';
import { textField, unquoted } from '../fields.ts';
import { isOwnLine } from '../own-line.ts';
import { storeEntry } from './store-entry.ts';

/** As zap writes it: level, time, logger and message come first. */
const HEAD =
  /^\{"(?:severity|level)":"(\w+)","(?:ts|time)":(?:"([^"]*)"|([\d.e+]+))(?:,"logger":"([^"]*)")?(?:,"caller":"[^"]*")?,"(?:message|msg)":"((?:[^"\\]|\\.)*)"/;

/** A number of seconds beyond this is no time of a log: the year 5138. */
const LATEST_S = 1e11;

/**
 * JSON of ARC's controller and listener. A line may hold the key `message` twice: the first is the log's own, the second
 * the pod's, and reading it as an object would keep the second.
 */
export function jsonLine(text: string): LogRecord | undefined {
  if (!text.startsWith('{')) return undefined;
  const head = HEAD.exec(text);
  if (head !== null) {
    const at = momentOf(head[2], head[3]);
    if (at === undefined) return undefined;
    const message = unquoted(`"${head[5] as string}"`);
    // A collector's record around a line: ../inner-line.ts looks into it.
    if (/^[\d\[]/.test(message) && isOwnLine(message)) return undefined;
    return {
      at,
      level: levelOf(head[1] as string),
      logger: head[4] ?? '',
      message,
      fields: text,
    };
  }
  const record = parsedObject(text);
  if (record !== undefined && storeEntry(record) !== undefined) return undefined;
  const at = momentOf(textField(text, 'ts') ?? textField(text, 'time'), /"ts":([\d.e+]+)/.exec(text)?.[1]);
  const message = textField(text, 'message') ?? textField(text, 'msg');
  const level = textField(text, 'severity') ?? textField(text, 'level');
  if (at === undefined || message === undefined || level === undefined) return undefined;
  const logger = textField(text, 'logger') ?? textField(text, 'component') ?? '';
  return { at, level: levelOf(level), logger, message, fields: text };
}

function momentOf(stamp: string | undefined, seconds: string | undefined): Moment | undefined {
  if (stamp !== undefined) return readStamp(stamp)?.moment;
  const value = Number(seconds);
  return value > 0 && value < LATEST_S ? { us: Math.round(value * 1e6), withinUs: 0 } : undefined;
}

import { levelOf, type LogRecord } from '../log-record.ts';
import { unquoted } from '../fields.ts';
import { readStamp } from '../moment.ts';

/** The last value of a cut line has no quote at its end. */
const PAIR = /(?:"((?:[^"\\]|\\.)*)"|([^\s="]+))=(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|(\S*))/g;

/** Go's structured logger as text, the listener's from 0.14 on: `time=… level=… source=… msg=… key=value`. */
export function slogText(text: string): LogRecord | undefined {
  if (!text.startsWith('time=')) return undefined;
  const fields: Record<string, string | number | boolean> = {};
  for (const [, quotedKey, key, quoted, bare] of text.matchAll(PAIR)) {
    fields[quotedKey ?? key ?? ''] = quoted === undefined ? valueOf(bare as string) : unquoted(`"${quoted}"`);
  }
  const { time, level, msg, component } = fields;
  const stamp = typeof time === 'string' ? readStamp(time) : undefined;
  if (stamp === undefined || msg === undefined) return undefined;
  return {
    at: stamp.moment,
    level: levelOf(String(level)),
    logger: typeof component === 'string' ? component : '',
    message: String(msg),
    fields: JSON.stringify(fields),
  };
}

function valueOf(text: string): string | number | boolean {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

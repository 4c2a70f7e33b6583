import { levelOf, type LogRecord } from '../log-record.ts';
import { readStamp } from '../moment.ts';

const LINE = /^\s*(?:\[(DEBUG|INFO|WARN|ERR|ERROR)\]\s+)?(.+)$/;

/**
 * Go's plain logger: the HTTP client that calls the Actions service (`[DEBUG] DELETE https://…`), and a listener's last
 * words. It names no zone; containers have UTC.
 */
export function httpClient(text: string): LogRecord | undefined {
  if (text[4] !== '/') return undefined;
  const stamp = readStamp(text);
  const match = stamp === undefined ? null : LINE.exec(text.slice(stamp.length));
  if (stamp === undefined || match === null) return undefined;
  return {
    at: stamp.moment,
    level: levelOf(match[1] ?? 'INFO'),
    logger: match[1] === undefined ? 'go' : 'http-client',
    message: match[2] as string,
    fields: '',
  };
}

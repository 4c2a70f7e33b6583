import { levelOf, type LogRecord } from '../log-record.ts';
import { readStamp, type Moment } from '../moment.ts';

const LINE = /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{6})\s+\d+ ([\w.-]+:\d+)\] (.*)$/;
const LEVELS: Readonly<Record<string, string>> = { I: 'info', W: 'warn', E: 'error', F: 'fatal' };

/**
 * client-go's logger, whose lines lie between the controller's. They have no year: it is that of the line before.
 * @param near the time of the line before
 */
export function klog(text: string, near: Moment | undefined): LogRecord | undefined {
  const match = LINE.exec(text);
  if (match === null) return undefined;
  const [, letter, month, day, time, , message] = match;
  const year = near === undefined ? new Date().getUTCFullYear() : new Date(near.us / 1000).getUTCFullYear();
  const stamp = readStamp(`${year}-${month}-${day}T${time}Z`);
  if (stamp === undefined) return undefined;
  return {
    at: stamp.moment,
    level: levelOf(LEVELS[letter as string] as string),
    logger: 'klog',
    message: message as string,
    fields: '',
  };
}

import type { LogRecord } from '../log-record.ts';
import { readStamp, UNDATED } from '../moment.ts';

const STAMPED = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ): (.+)$/;
/** What it writes without a time. */
const PLAIN =
  /^(?:√ (?:Connected to GitHub|Runner \w+)|Current runner version: |Runner version \S+ is deprecated|Runner connect error: |Runner listener exit|Registration [0-9a-f-]{36} was not found|Failed to create a session\.|Exiting runner\.\.\.)/;

/** What a runner's own container writes for people: that it listens, its job, and why it cannot. */
export function runnerConsole(text: string): LogRecord | undefined {
  const [, stamp, said = ''] = STAMPED.exec(text) ?? [];
  const at = stamp === undefined ? undefined : readStamp(stamp)?.moment;
  if (at === undefined && !PLAIN.test(text)) return undefined;
  return {
    at: at ?? UNDATED,
    ...(at === undefined ? { isUndated: true } : {}),
    level: 'info',
    logger: 'runner.Terminal',
    message: at === undefined ? text : said,
    fields: '',
  };
}

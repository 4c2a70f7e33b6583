import { levelOf, type LogRecord } from '../log-record.ts';
import { readStamp } from '../moment.ts';

const LINE = /^\[(?:RUNNER|WORKER) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ) (\w+)\s+(\S+)\] (.*)$/;

/** The log of a runner's own container. It does not name the runner: the pod does. */
export function runnerContainer(text: string): LogRecord | undefined {
  const match = LINE.exec(text);
  const stamp = match === null ? undefined : readStamp(match[1]);
  if (match === null || stamp === undefined) return undefined;
  return {
    at: stamp.moment,
    level: levelOf(match[2] as string),
    logger: `runner.${match[3]}`,
    message: match[4] as string,
    fields: '',
  };
}

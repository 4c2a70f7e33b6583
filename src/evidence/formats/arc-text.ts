import { LEVELS } from '../line-parts.ts';
import { levelOf, type LogRecord } from '../log-record.ts';
import { readStamp, type Moment } from '../moment.ts';

/** Needed where tabs have become spaces: one of them may be all there is between a logger and its message. */
const LOGGER =
  /^(EphemeralRunnerSet|EphemeralRunner|AutoscalingRunnerSet|AutoscalingListener|actions-clients|setup|(?:actions-runner-controller|controllers?|listener-app|controller-runtime|ghalistener|KubeAPIWarningLogger|klog)(?:\.[\w.-]+)?)\s+/;
const LEVEL = new RegExp(String.raw`^(${LEVELS})\s+`);

let lastStamp = '';
let lastMoment: Moment | undefined;

/** ARC's text format, and the listener's up to 0.13: time, level, logger, message and JSON fields, with tabs between them. */
export function arcText(text: string): LogRecord | undefined {
  if (text[4] !== '-' || text[10] !== 'T') return undefined;
  return text.charCodeAt(20) === 9 ? withTabs(text) : withSpaces(text);
}

/** As the controller writes it; nearly every line of a large log is one. */
function withTabs(text: string): LogRecord | undefined {
  const at = momentOf(text.slice(0, 20));
  const level = text.indexOf('\t', 21);
  if (at === undefined || level < 0) return undefined;
  let end = text.length;
  const fields = text.lastIndexOf('\t{');
  if (fields > level) end = fields;
  const logger = text.indexOf('\t', level + 1);
  const hasLogger = logger > 0 && logger < end;
  return {
    at,
    level: levelOf(text.slice(21, level)),
    logger: hasLogger ? text.slice(level + 1, logger) : '',
    message: text.slice(hasLogger ? logger + 1 : level + 1, end),
    fields: end === text.length ? '' : text.slice(end + 1),
  };
}

function withSpaces(text: string): LogRecord | undefined {
  const stamp = readStamp(text);
  const rest = stamp === undefined ? '' : text.slice(stamp.length);
  const said = /^\s/.test(rest) ? afterTime(rest.trimStart()) : undefined;
  return stamp === undefined || said === undefined ? undefined : { at: stamp.moment, ...said };
}

/** What a line says behind its time, where tabs may have become spaces. */
export function afterTime(text: string): Omit<LogRecord, 'at'> | undefined {
  const level = LEVEL.exec(text);
  if (level === null) return undefined;
  let rest = text.slice(level[0].length);
  const logger = LOGGER.exec(rest);
  if (logger !== null) rest = rest.slice(logger[0].length);
  const fields = /\s+\{(?="|\}|$)/.exec(rest);
  return {
    level: levelOf(level[1] as string),
    logger: logger?.[1] ?? '',
    message: (fields === null ? rest : rest.slice(0, fields.index)).trim(),
    fields: fields === null ? '' : rest.slice(fields.index).trim(),
  };
}

function momentOf(stamp: string): Moment | undefined {
  if (stamp === lastStamp) return lastMoment;
  lastStamp = stamp;
  lastMoment = readStamp(stamp)?.moment;
  return lastMoment;
}

import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { parsedObject } from '../../base/json-objects.ts';
import { formatUs, readStamp, type Moment } from '../moment.ts';
import { isClusterObject, isOwnLine, isOwnRecord } from '../own-line.ts';

/** A line of a program's, in what a log store or a collector has put around it. */
export interface StoreEntry {
  readonly text: string;
  /** When it was taken; undefined where the record does not say it. */
  readonly taken?: Moment | undefined;
  /** The same in a zone that the store does not name. */
  readonly local?: Moment | undefined;
}

/** What a record says of the line somewhere inside it. */
interface Around {
  readonly time: Pick<StoreEntry, 'taken' | 'local'> | undefined;
  readonly level: string | undefined;
  readonly message: string | undefined;
}

/** Names that stores have for when a line was taken; the first that a record has counts. */
const TIMES = [
  ...['timestamp', '@timestamp', 'time', 'ts', '_time', 'date', 'timeStamp', 'TimeGenerated', 'timeUnixNano'],
  ...['__REALTIME_TIMESTAMP', 'eventTime'],
];
/** Names that they have for the line itself: what stands there is one, whether it is known or not. */
const LINES = ['textPayload', '@message', 'line', 'log', 'message', '_raw', 'MESSAGE', 'LogMessage', 'LogEntry'];
const LEVELS = ['severity', 'level', 'status'];
/** What only a line of a controller or listener has, whatever a collector has taken out of it. */
const OF_A_PROGRAM = ['logger', 'controller', 'component', 'ephemeralrunner', 'ephemeralrunnerset'];
/** A record in a record, as a collector's in a store's. */
const DEEPEST = 6;

const NOTHING: Around = { time: undefined, level: undefined, message: undefined };

/**
 * The line in the record of a log store or a collector, wherever it stands in it; undefined for a record that is a line
 * itself, and for one that holds none. The store's own severity is not the line's, unless the line has none any more: it
 * depends on the output stream.
 */
export function storeEntry(record: JsonObject): StoreEntry | undefined {
  return within(record, NOTHING, DEEPEST) ?? asStored(record);
}

/** Whether a record says when it was taken: others beside the records of a store are no lines. */
export function isTimed(record: JsonObject): boolean {
  return timeOf(record) !== undefined;
}

function within(record: JsonObject, outer: Around, left: number): StoreEntry | undefined {
  if (left === 0 || isClusterObject(record)) return undefined;
  const around: Around = {
    time: timeOf(record) ?? outer.time,
    level: word(record, LEVELS) ?? outer.level,
    message: word(record, ['message', 'msg']) ?? outer.message,
  };
  const values = Object.values(record);
  for (const value of values) {
    const found = typeof value === 'string' ? inText(value, around, left) : undefined;
    if (found !== undefined) return found;
  }
  if (isOwnRecord(record)) {
    return left === DEEPEST ? undefined : { text: JSON.stringify(record), ...outer.time };
  }
  const rest = isOfProgram(record) ? asLine(record, around) : undefined;
  if (rest !== undefined) return rest;
  for (const value of values) {
    const found = isJsonObject(value) ? within(value, around, left - 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function inText(value: string, { time, ...around }: Around, left: number): StoreEntry | undefined {
  const text = value.replace(/\r?\n$/, '');
  if (isOwnLine(text)) return { text, ...time };
  const inner = text.startsWith('{') ? parsedObject(text) : undefined;
  if (inner === undefined) return undefined;
  return isOwnRecord(inner) ? { text, ...time } : within(inner, { time, ...around }, left - 1);
}

/** A line from which a collector has taken time, level or message, with these put back. */
function asLine(record: JsonObject, { time, level = 'info', message }: Around): StoreEntry | undefined {
  const taken = time?.taken ?? time?.local;
  if (taken === undefined || message === undefined) return undefined;
  return { text: JSON.stringify({ severity: level, ts: formatUs(taken.us), ...record, message }), ...time };
}

/** A line that is like none of those that are known, as the second one of an error. */
function asStored(record: JsonObject): StoreEntry | undefined {
  const time = isOwnRecord(record) || isClusterObject(record) ? undefined : timeOf(record);
  const text = time === undefined ? undefined : word(record, LINES);
  return text === undefined ? undefined : { text: text.replace(/\r?\n$/, ''), ...time };
}

function isOfProgram(record: JsonObject): boolean {
  return OF_A_PROGRAM.some((name) => name in record);
}

function word(record: JsonObject, names: readonly string[]): string | undefined {
  const name = names.find((each) => typeof record[each] === 'string');
  return name === undefined ? undefined : (record[name] as string);
}

function timeOf(record: JsonObject): Around['time'] {
  for (const name of TIMES) {
    const found = momentOf(record[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** RFC 3339 or the like, or a number since 1970: of seconds, milliseconds, microseconds or nanoseconds, by its size. */
export function momentOf(value: unknown): Around['time'] {
  if (typeof value === 'string' && !/^\d+(?:\.\d+)?$/.test(value)) {
    const stamp = readStamp(value);
    if (stamp === undefined) return undefined;
    return stamp.isZoned ? { taken: stamp.moment } : { local: stamp.moment };
  }
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  const unit = UNITS.find(({ from }) => number >= from && number < from * 1e3);
  if (unit === undefined) return undefined;
  const isWhole = Number.isInteger(number);
  return { taken: { us: Math.floor(number * unit.us), withinUs: isWhole ? Math.max(0, unit.us - 1) : 0 } };
}

/** A number from `from` to a thousand times that counts units of `us` microseconds since 1970: later than the year 2001. */
const UNITS = [
  { from: 1e9, us: 1e6 },
  { from: 1e12, us: 1e3 },
  { from: 1e15, us: 1 },
  { from: 1e18, us: 1e-3 },
];

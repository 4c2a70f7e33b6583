import { parsedObject } from '../base/json-objects.ts';
import { REDACTED } from '../base/credential-shapes.ts';
import { isNewMessage } from './arc-messages/known.ts';
import { BesideLog } from './beside-log.ts';
import { copyOf } from './clean.ts';
import { isMarkedCut } from './cut-width.ts';
import { dockerPiece } from './formats/docker-piece.ts';
import { FORMATS } from './formats/all.ts';
import type { LineFormat, ReadLine } from './formats/line-format.ts';
import type { StoreEntry } from './formats/store-entry.ts';
import { innerLine } from './inner-line.ts';
import { isCutShort, type LogRecord } from './log-record.ts';
import { impossibleStamp, type Moment } from './moment.ts';
import { SamplingWatch } from './sampling.ts';
import { unwrap, type Unwrapped } from './unwrap.ts';
import { whatItIs } from './what-it-is.ts';

export interface UnknownLine {
  readonly line: number;
  readonly text: string;
}

/** Unknown lines that are kept to be listed; all are counted. */
const LISTED = 1000;
/** Unknown lines in which it is looked for what a file is that is no log. */
const LOOKED_AT = 20;
/** A record of a collector in one of a store in a table, and what the container runtime has put before it. */
const DEEPEST = 4;
/** A store's stamp that is farther from the line's own time tells when the line was stored, not when it was written. */
const TAKEN_WITHIN_US = 2e6;
/** Of a line that the runtime has cut no more is kept than of any other. */
const LONGEST_PART = 64 << 20;
/** Loggers whose own times have no zone. */
const ZONELESS: ReadonlySet<string> = new Set(['http-client', 'go', 'klog']);
/** No zone is farther from UTC. */
const FARTHEST_ZONE_US = 14 * 3600e6;
/** A quarter of an hour: zones differ by whole ones. */
const ZONE_STEP_US = 900e6;
/** Longer lines belong to no stack trace, and looking for one in them takes long. */
const STACK_LINE = 10_000;
/** What syslog and the journal put before a line. */
const SYSLOG = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?: /;
/** What follows an error: functions with their files, a panic's goroutines. */
const STACK = /^(?:\s+\S|goroutine \d|panic[:(]|created by |\S+\.\S+(?:\(.*\))?$)/;

/** What people and tools write beside the lines: headings, the fences of an issue, those of stern and tail, an array's ends. */
const BESIDE = /^(?:#+ |```|[[\]]$|[+-] \S+ › \S|==> .* <==$)/;

/** The first and last line about runners that a pod has written into a file. */
interface Writer {
  firstLine: number;
  firstAt: Moment;
  lastAt: Moment;
}

interface FormatReader {
  readonly format: LineFormat;
  readonly read: ReadLine;
}

/** Reads one file's lines into records, each by what it looks like, and keeps count of what it does not know. */
export class LineReader {
  lines = 0;
  unknown = 0;
  /** Lines that are read, with a message of ARC's programs that no known release writes. */
  newMessages = 0;
  /** Of both, in their order. */
  readonly unknownLines: UnknownLine[] = [];
  readonly #beside = new BesideLog();
  /** The pods that wrote lines about runners, where prefixes of the lines name them. */
  readonly writers = new Map<string, Writer>();
  /** How many lines were of each format, by its name. */
  readonly formats = new Map<string, number>();
  readonly sampling = new SamplingWatch();
  /** Lines that are not understood for a time that there is not, such as an hour 25: how many, and the first. */
  readonly impossible = { count: 0, first: { line: 0, stamp: '' } };
  /** Lines whose end is missing; the last one of a file may be cut for another reason and does not count. */
  cutShort = 0;
  /** What the file is in place of a log, by its first line that is known for that: the end of a sentence. */
  isRather: string | undefined;
  /** The length at which something has cut the file's lines; undefined where nothing has. */
  cutWidth: number | undefined;
  /** Of a log store's own stamps, where there are any: how far it is before UTC. */
  zoneUs: number | undefined;

  readonly #readers: readonly FormatReader[] = FORMATS.map((format) => ({ format, read: format.reader() }));
  /** By the code of a line's first character those that may know the line. */
  readonly #byFirst = new Map<number, readonly FormatReader[]>();
  #before: LogRecord | undefined;
  #isBeforeCut = false;
  /** Whether the stamps of the store, the job or the collector are far from those of the lines themselves. */
  #isTakenLater = false;
  /** A log store's stamp that stands on a line of its own, before the line that it belongs to. */
  #stampOfNext: Moment | undefined;
  /** Whether the lines are those of a key, until its last. */
  #isInKey = false;
  /** Lines after the first that a collector has put into the record of one; the next one is the last. */
  #more: Unwrapped[] = [];
  /** How many of these have been read. */
  #within = 0;
  /** What a container runtime has written of a long line so far. */
  #part = '';

  readonly #isByRuntime: boolean;

  /** @param isByRuntime whether the stamp before each line is known to be the container runtime's, which takes a line as it is written */
  constructor(isByRuntime = false) {
    this.#isByRuntime = isByRuntime;
  }

  /** @returns undefined for a line that is no record: empty, part of a stack trace, or unknown */
  read(line: string): LogRecord | undefined {
    this.lines += 1 - this.#within;
    this.#within = 0;
    return this.#take(unwrap(line), line);
  }

  /** Whether the line that was read last is the record of several, which are still to be read. */
  get hasMore(): boolean {
    return this.#more.length > 0;
  }

  /** The next line of the record that was read last. */
  readMore(): LogRecord | undefined {
    const next = this.#more.pop() as Unwrapped;
    // They go on from the number of their record's line, as the order of lines is that of their numbers.
    this.lines++;
    this.#within++;
    return this.#take(next, next.text);
  }

  /** The same for a line that a log store has put into a record of its own. */
  readStored(entry: StoreEntry, line: number): LogRecord | undefined {
    [this.lines, this.#within] = [line, 0];
    return this.#take(within(this.#firstOf(entry)), entry.text);
  }

  #take(unwrapped: Unwrapped, line: string): LogRecord | undefined {
    const whole = this.#whole(unwrapped);
    if (whole === undefined) return undefined;
    if (whole.text === '' || whole.text === '\t') {
      this.#stampOfNext = whole.local ?? this.#stampOfNext;
      return undefined;
    }
    let found = whole;
    let record = this.#parsed(found.text);
    for (let left = DEEPEST; record === undefined && left > 0; left--) {
      const inner = innerLine(found.text);
      if (inner === undefined) break;
      found = within(this.#firstOf(inner), found);
      record = this.#parsed(found.text);
    }
    if (record === undefined) {
      this.#note(line, found.text);
      return undefined;
    }
    if (isNewMessage(record)) {
      this.newMessages++;
      this.#list(line, found.text);
      record = { ...record, isNewMessage: true };
    }
    const { taken, local } = found;
    const stored = local ?? this.#stampOfNext;
    this.#stampOfNext = undefined;
    if (stored !== undefined && record.isUndated !== true) this.zoneUs = zoneOf(stored, record.at);
    const finer = taken ?? (stored === undefined ? undefined : { ...stored, us: stored.us - (this.zoneUs ?? 0) });
    const isDoubtful = finer !== undefined && this.#isLater(finer, record);
    const isFiner = finer !== undefined && finer.withinUs < record.at.withinUs && !isDoubtful;
    const before = this.#before?.at;
    const ofUndated = this.#isTakenLater ? (before ?? finer) : (finer ?? before);
    const at = record.isUndated === true ? ofUndated : isFiner ? finer : undefined;
    const dated = at === undefined ? record : { ...record, at };
    const isCut = line.length === this.cutWidth || isMarkedCut(found.text);
    const exact = isCut ? { ...dated, isCut } : dated;
    if (this.#isBeforeCut) this.cutShort++;
    this.#isBeforeCut = isCutShort(record);
    this.#before = exact;
    if (unwrapped.pod !== undefined && exact.logger === 'EphemeralRunner') this.#noteWriter(unwrapped.pod, exact.at);
    return exact;
  }

  /** The first line of a record; those after it are kept to be read next. */
  #firstOf(entry: StoreEntry): StoreEntry {
    // A record may itself be written over several lines.
    if (!entry.text.includes('\n') || parsedObject(entry.text) !== undefined) return entry;
    const [first = '', ...rest] = entry.text.split('\n');
    for (const text of rest.reverse()) this.#more.push(within({ ...entry, text }));
    return { ...entry, text: first };
  }

  /** Whether a stamp that somebody else has put before a line is not of the moment when the line was written. */
  #isLater(taken: Moment, record: LogRecord): boolean {
    if (this.#isByRuntime) return false;
    // What these write names no zone, so that a difference of hours may be one of zones.
    const isZoned = !ZONELESS.has(record.logger);
    if (isZoned && record.isUndated !== true) this.#isTakenLater = isFar(taken, record.at);
    return isZoned ? this.#isTakenLater : this.#isTakenLater && isFar(taken, record.at);
  }

  /** Undefined for a part of a line after which more of it comes. */
  #whole(line: Unwrapped): Unwrapped | undefined {
    const unwrapped = dockerPiece(line.text, this.#part !== '') ?? line;
    const { text, isPart } = unwrapped;
    if (isPart === true) {
      if (this.#part.length < LONGEST_PART) this.#part += text;
      return undefined;
    }
    if (this.#part === '') return unwrapped;
    const whole = { ...unwrapped, text: this.#part + text };
    this.#part = '';
    return whole;
  }

  #parsed(text: string): LogRecord | undefined {
    for (const { format, read } of this.#readersFor(text)) {
      const record = read(text, this.#before?.at);
      if (record === undefined) continue;
      this.formats.set(format.name, (this.formats.get(format.name) ?? 0) + 1);
      if (format.isSampled === true) this.sampling.see(record, this.lines);
      return record;
    }
    return undefined;
  }

  #readersFor(text: string): readonly FormatReader[] {
    const code = text.charCodeAt(0);
    let readers = this.#byFirst.get(code);
    if (readers === undefined) {
      const first = text.charAt(0);
      readers = this.#readers.filter(({ format }) => format.first?.includes(first) !== false);
      this.#byFirst.set(code, readers);
    }
    return readers;
  }

  #noteWriter(pod: string, at: Moment): void {
    const writer = this.writers.get(pod);
    if (writer === undefined) this.writers.set(copyOf(pod), { firstLine: this.lines, firstAt: at, lastAt: at });
    else if (at.us < writer.firstAt.us) [writer.firstLine, writer.firstAt] = [this.lines, at];
    else if (at.us > writer.lastAt.us) writer.lastAt = at;
  }

  #note(line: string, text: string): void {
    const before = this.#before;
    const isAfterError = before !== undefined && (before.level === 'error' || before.level === 'warn');
    const isStack = isAfterError && text.length < STACK_LINE && STACK.test(text.replace(SYSLOG, ''));
    const isRunnerOutput = before !== undefined && before.logger.startsWith('runner.');
    // The stacks of a crash are all that follows it.
    const isCrash = before?.logger === 'crash';
    const isComment = BESIDE.test(text);
    if (isComment || text.trim() === '' || isStack || isCrash || isRunnerOutput) return;
    this.unknown++;
    const stamp = impossibleStamp(text);
    if (stamp !== undefined && ++this.impossible.count === 1) this.impossible.first = { line: this.lines, stamp };
    if (this.unknown <= LOOKED_AT) this.isRather ??= whatItIs(text);
    this.#list(line, text);
  }

  #list(line: string, text: string): void {
    if (this.unknownLines.length >= LISTED) return;
    const shown = this.#beside.shown(line);
    this.unknownLines.push({ line: this.lines, text: this.#isOfKey(text) ? REDACTED : shown });
  }

  #isOfKey(text: string): boolean {
    const begins = text.includes('-----BEGIN');
    const isOfKey = begins || this.#isInKey;
    this.#isInKey = isOfKey && !text.includes('-----END');
    return isOfKey;
  }
}

/** How far a stamp is before UTC, by the whole seconds in UTC beside it; undefined where no zone is so far away. */
function zoneOf(stored: Moment, beside: Moment): number | undefined {
  const us = Math.round((stored.us - beside.us) / ZONE_STEP_US) * ZONE_STEP_US;
  return Math.abs(us) <= FARTHEST_ZONE_US ? us : undefined;
}

/** What a store took may be wrapped again; of several times the finest counts. */
function within(entry: StoreEntry, outer: Pick<Unwrapped, 'taken' | 'local'> = {}): Unwrapped {
  const inner = unwrap(entry.text);
  const times = [inner.taken, entry.taken, outer.taken].filter((time) => time !== undefined);
  const taken = times.reduce<Moment | undefined>(
    (finest, time) => (finest === undefined || time.withinUs < finest.withinUs ? time : finest),
    undefined,
  );
  const local = inner.local ?? entry.local ?? outer.local;
  return { text: inner.text, ...(taken === undefined ? {} : { taken }), ...(local === undefined ? {} : { local }) };
}

function isFar(taken: Moment, own: Moment): boolean {
  return Math.abs(taken.us - own.us) > own.withinUs + TAKEN_WITHIN_US;
}

import { clean } from './clean.ts';
import { FORMATS } from './formats/all.ts';
import type { LineFormat, ReadLine } from './formats/line-format.ts';
import type { StoreEntry } from './formats/store-entry.ts';
import { isCutShort, type LogRecord } from './log-record.ts';
import type { Moment } from './moment.ts';
import { SamplingWatch } from './sampling.ts';
import { unwrap, unwrapAgain, type Unwrapped } from './unwrap.ts';
import { whatItIs } from './what-it-is.ts';

export interface UnknownLine {
  readonly line: number;
  readonly text: string;
}

/** Unknown lines that are kept to be listed; all are counted. */
const LISTED = 1000;
/** Unknown lines in which it is looked for what a file is that is no log. */
const LOOKED_AT = 20;
/** A quarter of an hour: zones differ by whole ones. */
const ZONE_STEP_US = 900e6;
/** Longer lines belong to no stack trace, and looking for one in them takes long. */
const STACK_LINE = 10_000;
/** What follows an error: functions with their files, a panic's goroutines. */
const STACK = /^(?:\s+\S|goroutine \d|panic[:(]|created by |\S+\.\S+(?:\(.*\))?$)/;

interface FormatReader {
  readonly format: LineFormat;
  readonly read: ReadLine;
}

/** Reads one file's lines into records, each by what it looks like, and keeps count of what it does not know. */
export class LineReader {
  lines = 0;
  unknown = 0;
  readonly unknownLines: UnknownLine[] = [];
  /** How many lines were of each format, by its name. */
  readonly formats = new Map<string, number>();
  readonly sampling = new SamplingWatch();
  /** Lines whose end is missing; the last one of a file may be cut for another reason and does not count. */
  cutShort = 0;
  /** What the file is in place of a log, by its first line that is known for that: the end of a sentence. */
  isRather: string | undefined;
  /** Of a log store's own stamps, where there are any: how far it is before UTC. */
  zoneUs: number | undefined;

  readonly #readers: readonly FormatReader[] = FORMATS.map((format) => ({ format, read: format.reader() }));
  /** By the code of a line's first character those that may know the line. */
  readonly #byFirst = new Map<number, readonly FormatReader[]>();
  #before: LogRecord | undefined;
  #isBeforeCut = false;
  /** A log store's stamp that stands on a line of its own, before the line that it belongs to. */
  #stampOfNext: Moment | undefined;

  /** @returns undefined for a line that is no record: empty, part of a stack trace, or unknown */
  read(line: string): LogRecord | undefined {
    this.lines++;
    return this.#take(unwrap(line), line);
  }

  /** The same for a line that a log store has put into a record of its own. */
  readStored(entry: StoreEntry, line: number): LogRecord | undefined {
    this.lines = line;
    return this.#take(unwrapAgain(entry), entry.text);
  }

  #take({ text, taken, local }: Unwrapped, line: string): LogRecord | undefined {
    if (text === '' || text === '\t') {
      this.#stampOfNext = local ?? this.#stampOfNext;
      return undefined;
    }
    const record = this.#parsed(text);
    if (record === undefined) {
      this.#note(line, text);
      return undefined;
    }
    const stored = local ?? this.#stampOfNext;
    this.#stampOfNext = undefined;
    if (stored !== undefined) this.zoneUs = zoneOf(stored, record.at);
    const finer = taken ?? (stored === undefined ? undefined : { ...stored, us: stored.us - (this.zoneUs ?? 0) });
    const exact = finer !== undefined && finer.withinUs < record.at.withinUs ? { ...record, at: finer } : record;
    if (this.#isBeforeCut) this.cutShort++;
    this.#isBeforeCut = isCutShort(record);
    this.#before = exact;
    return exact;
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

  #note(line: string, text: string): void {
    const before = this.#before;
    const isAfterError = before !== undefined && (before.level === 'error' || before.level === 'warn');
    const isStack = isAfterError && text.length < STACK_LINE && STACK.test(text);
    const isRunnerOutput = before !== undefined && before.logger.startsWith('runner.');
    const isComment = text.startsWith('# ');
    if (isComment || text.trim() === '' || isStack || isRunnerOutput) return;
    this.unknown++;
    if (this.unknown <= LOOKED_AT) this.isRather ??= whatItIs(text);
    if (this.unknownLines.length < LISTED) this.unknownLines.push({ line: this.lines, text: clean(line) });
  }
}

/** How far a stamp is before UTC, by the whole seconds in UTC beside it. */
function zoneOf(stored: Moment, beside: Moment): number {
  return Math.round((stored.us - beside.us) / ZONE_STEP_US) * ZONE_STEP_US;
}

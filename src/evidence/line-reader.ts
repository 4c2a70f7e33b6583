import { clean } from './clean.ts';
import { auditEvent } from './formats/audit-event.ts';
import { arcText } from './formats/arc-text.ts';
import { EventTable } from './formats/event-table.ts';
import { httpClient } from './formats/http-client.ts';
import { jsonLine } from './formats/json-line.ts';
import { klog } from './formats/klog.ts';
import { metricSample } from './formats/metric-sample.ts';
import { runnerContainer } from './formats/runner-container.ts';
import { slogText } from './formats/slog-text.ts';
import type { StoreEntry } from './formats/store-entry.ts';
import { isCutShort, type LogRecord } from './log-record.ts';
import type { Moment } from './moment.ts';
import { SamplingWatch } from './sampling.ts';
import { unwrap, unwrapAgain, type Unwrapped } from './unwrap.ts';
import { whatItIs } from './what-it-is.ts';

export type LineFormat =
  | 'Kubernetes objects'
  | 'ARC text'
  | 'JSON'
  | 'slog text'
  | 'HTTP client'
  | 'klog'
  | 'runner container'
  | 'audit log'
  | 'metrics'
  | 'table of events';

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

/** Reads one file's lines into records, each by what it looks like, and keeps count of what it does not know. */
export class LineReader {
  lines = 0;
  unknown = 0;
  readonly unknownLines: UnknownLine[] = [];
  readonly formats = new Map<LineFormat, number>();
  readonly sampling = new SamplingWatch();
  /** Lines whose end is missing; the last one of a file may be cut for another reason and does not count. */
  cutShort = 0;
  /** What the file is in place of a log, by its first line that is known for that: the end of a sentence. */
  isRather: string | undefined;
  /** Of a log store's own stamps, where there are any: how far it is before UTC. */
  zoneUs: number | undefined;

  readonly #events = new EventTable();
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
    const record = this.#parsed(text) ?? this.#counted('table of events', this.#events.read(text, this.#before?.at));
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
    const first = text.charCodeAt(0);
    if (first >= 48 && first <= 57) {
      return this.#counted('ARC text', arcText(text)) ?? this.#counted('HTTP client', httpClient(text));
    }
    if (first === 123) {
      const record = this.#counted('JSON', jsonLine(text));
      if (record !== undefined) this.sampling.see(record, this.lines);
      return record ?? this.#counted('audit log', auditEvent(text));
    }
    if (first === 116) return this.#counted('slog text', slogText(text));
    if (first === 91) return this.#counted('runner container', runnerContainer(text));
    const near = this.#before?.at;
    return this.#counted('klog', klog(text, near)) ?? this.#counted('metrics', metricSample(text, near));
  }

  #counted(format: LineFormat, record: LogRecord | undefined): LogRecord | undefined {
    if (record !== undefined) this.formats.set(format, (this.formats.get(format) ?? 0) + 1);
    return record;
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

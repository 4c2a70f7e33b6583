import type { TimeColumn } from './columns.ts';
import { Column, type ColumnParts, type TimeColumnParts } from './columns.ts';
import { Spans, type SpansParts } from './spans.ts';

/** Stands for none where that is known; NaN says that it is not. */
export const NONE = -1;
/** What `result` holds of a pass that has not ended; else it is one more than the result's place in RESULTS. */
export const IN_PROGRESS = 0;

/**
 * One row a pass, in the order in which they began, or were read. A pass knows its last phase and request, and each of
 * these how far before it the one of the same pass is, since those of several workers interleave.
 */
export class PassTable {
  /** Number of a string. */
  readonly object = new Column(Int32Array);
  readonly span = new Spans();
  /** A number as it is, of other ids the complement of the string's number. */
  readonly id = new Column(Int32Array);
  /** Number of a word. */
  readonly controller = new Column(Int8Array);
  readonly worker = new Column(Int16Array);
  readonly attempt = new Column(Int8Array);
  /** Number of a word. */
  readonly trigger = new Column(Int16Array);
  /** How long before its beginning, or its end where that is not known, the runner was queued, and was ready. */
  readonly queuedBefore = new Column(Int32Array);
  readonly readyBefore = new Column(Int32Array);
  readonly result = new Column(Int8Array);
  readonly after = new Column(Int32Array);
  /** Number of a string, or NONE. */
  readonly error = new Column(Int16Array);
  readonly lastPhase = new Column(Int32Array);
  readonly lastRequest = new Column(Int32Array);
  readonly basis = new Column(Int8Array);

  queuedUs(pass: number): number {
    return this.span.baseUs(pass) - this.queuedBefore.get(pass);
  }

  readyUs(pass: number): number {
    return this.span.baseUs(pass) - this.readyBefore.get(pass);
  }

  hasEnded(pass: number): boolean {
    return this.result.get(pass) !== IN_PROGRESS;
  }
}

/** What passes consist of: rows in which each knows the one before it of the same pass. */
abstract class PartTable {
  readonly span = new Spans();
  /** How far before it the pass's row before it is; 0 for the first, and for one of no pass. */
  readonly back = new Column(Int16Array);

  /** The row of the same pass before this one, or NONE. */
  before(row: number): number {
    const distance = this.back.get(row);
    return distance === 0 ? NONE : row - distance;
  }

  /** The row pushed last follows on another one of its pass, or on NONE. */
  pushBack(before: number): void {
    this.back.push(before === NONE ? 0 : this.back.length - before);
  }
}

/** One row a phase of a pass. */
export class PhaseTable extends PartTable {
  /** Number of a word. */
  readonly name = new Column(Int16Array);
}

/** One row a request, those of passes in the order in which they were sent. */
export class RequestTable extends PartTable {
  /** 0 for Kubernetes, 1 for the Actions service. */
  readonly to = new Column(Int8Array);
  /** Numbers of words. */
  readonly verb = new Column(Int16Array);
  readonly resource = new Column(Int16Array);
  /** Number of a string. */
  readonly object = new Column(Int32Array);
  readonly status = new Column(Int16Array);
  readonly throttled = new Column(Int32Array);
  readonly locked = new Column(Int32Array);
  readonly basis = new Column(Int8Array);
  /** Numbers of strings. */
  readonly message = new Column(Int32Array);
  /** Of requests on their own, where it is known: as a pass's id. */
  readonly pass = new Column(Int32Array);
  /** Of requests of listeners: number of the string that names the listener. */
  readonly listener = new Column(Int32Array);

  /** When it was sent, if it is known when it began: the limiter and the lock hold it before. */
  sentUs(request: number): number {
    return this.span.startedUs(request) + (this.throttled.get(request) || 0) + (this.locked.get(request) || 0);
  }
}

/** One row an object event. */
export class ObjectTable {
  /** Numbers of words. */
  readonly kind = new Column(Int8Array);
  readonly phase = new Column(Int16Array);
  /** Numbers of strings. */
  readonly object = new Column(Int32Array);
  readonly node = new Column(Int32Array);
  readonly job = new Column(Int32Array);
  readonly scaleSet = new Column(Int32Array);
  /** From `at` to `until`. */
  readonly span = new Spans();
  readonly runnerId = new Column(Int32Array);
  /** Place in POD_STATES. */
  readonly pod = new Column(Int8Array);
  /** 0 or 1. */
  readonly deleted = new Column(Int8Array);
  readonly replicas = new Column(Int32Array);
  readonly patchID = new Column(Int32Array);
  readonly assigned = new Column(Int32Array);
  /** Place among the log's whys, which are few. */
  readonly why = new Column(Int32Array);
  readonly basis = new Column(Int8Array);
}

/** One row a line of a source. */
export class LineTable {
  readonly source = new Column(Int8Array);
  readonly line = new Column(Int32Array);
  /** As a pass's id. */
  readonly pass = new Column(Int32Array);
}

type Parts = ColumnParts | TimeColumnParts | SpansParts;
export type TableParts = Readonly<Record<string, Parts>>;

/** The columns of a table, as they can go to another thread. */
export function partsOf(table: object): TableParts {
  return Object.fromEntries(columnsOf(table).map(([name, column]) => [name, column.parts()]));
}

/** An empty table becomes the one that the parts are of. */
export function takeParts(table: object, parts: TableParts): void {
  for (const [name, column] of columnsOf(table)) column.take(parts[name] as never);
}

function columnsOf(table: object): [string, Column | TimeColumn | Spans][] {
  return Object.entries(table) as [string, Column | Spans][];
}

import type { LogRecord } from './log-record.ts';
import { UNDATED, type Moment } from './moment.ts';
import { byWholeSeconds, commonFraction } from './whole-seconds.ts';

/** Records that tell in which direction a file runs. */
const DIRECTION_FROM = 400;

export interface FileLine {
  readonly record: LogRecord;
  readonly line: number;
}

/** Gives a file's records on in the order in which they were written: log stores list the newest first. */
export class FileOrder {
  isNewestFirst = false;
  /** Kept until it is known which comes first; where the newest does, all are. */
  #held: FileLine[] | undefined = [];
  /** What follows the whole seconds in all stamps, in microseconds: the clock had no more. Undefined where they differ. */
  fraction: number | undefined;
  readonly #give: (line: FileLine) => void;

  constructor(give: (line: FileLine) => void) {
    this.#give = give;
  }

  take(record: LogRecord | undefined, line: number): void {
    if (record === undefined) return;
    if (this.#held === undefined) {
      this.#give({ record: this.#timed(record), line });
      return;
    }
    this.#held.push({ record, line });
    if (this.#held.length !== DIRECTION_FROM) return;
    this.isNewestFirst = runsBackwards(this.#held);
    if (!this.isNewestFirst) this.#release();
  }

  end(): void {
    if (this.#held === undefined) return;
    this.isNewestFirst = runsBackwards(this.#held);
    if (this.isNewestFirst) this.#held.reverse();
    this.#release();
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.fraction = commonFraction(held.map(({ record }) => record));
    const dated = held.find(({ record }) => record.at !== UNDATED)?.record.at;
    for (const { record, line } of held) {
      const isBefore = record.at === UNDATED && dated !== undefined;
      this.#give({ record: this.#timed(isBefore ? { ...record, at: dated } : record), line });
    }
  }

  #timed(record: LogRecord): LogRecord {
    return this.fraction === undefined ? record : byWholeSeconds(record, this.fraction);
  }
}

function runsBackwards(lines: readonly FileLine[]): boolean {
  let steps = 0;
  for (let index = 1; index < lines.length; index++) {
    const [before, { record }] = [lines[index - 1] as FileLine, lines[index] as FileLine];
    steps += stepBetween(before.record.at, record.at);
  }
  return steps < 0;
}

/** Programs that write to one log may have clocks of their own: a whole second says nothing of the milliseconds within it. */
function stepBetween(before: Moment, after: Moment): -1 | 0 | 1 {
  if (after.us > before.us + before.withinUs) return 1;
  return after.us + after.withinUs < before.us ? -1 : 0;
}

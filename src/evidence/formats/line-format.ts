import type { LogRecord } from '../log-record.ts';
import type { Moment } from '../moment.ts';

/** A way to write lines. What a record means is said by the `fold-*.ts` that takes its logger. */
export interface LineFormat {
  /** As answers name it: `read: controller.log, ARC text`. */
  readonly name: string;
  /** The characters that its lines begin with, one of them each; left out where they may begin with any. */
  readonly first?: string;
  /** Whether its writer leaves out equal lines when there are many. */
  readonly isSampled?: boolean;
  /** What reads the lines of one file. */
  readonly reader: () => ReadLine;
}

/**
 * @param near the time of the record before, for lines without a date
 * @returns undefined for a line of another format
 */
export type ReadLine = (text: string, near: Moment | undefined) => LogRecord | undefined;

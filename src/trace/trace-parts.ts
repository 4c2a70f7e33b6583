import type { ColumnParts } from './columns.ts';
import type { MarkEvent, RunnerWhy, TraceHeader } from './model.ts';
import type { TableParts } from './tables.ts';
import type { WaitsParts } from './waits.ts';

/** A trace as plain data and buffers, which a message to another thread can carry. */
export interface TraceParts {
  readonly header: TraceHeader;
  readonly strings: readonly string[];
  readonly words: readonly string[];
  readonly tables: readonly TableParts[];
  readonly whys: readonly RunnerWhy[];
  readonly marks: readonly MarkEvent[];
  readonly waits: WaitsParts;
  readonly order: ColumnParts;
  /** Rows of free requests without an answer. */
  readonly openRequests: readonly number[];
  readonly endedUs: number | undefined;
}

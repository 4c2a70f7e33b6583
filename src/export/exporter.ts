import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import type { RunEnd } from '../run/run-end.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A run that is exported. */
export interface ExportedRun {
  readonly trace: TraceLog;
  /** Where its timeline begins, in the trace's time. */
  readonly originUs: number;
  /** Until when a trace that goes on is known; left out where the trace says it. */
  readonly atUs?: number;
  /** How it ended, where that is known. */
  readonly end?: RunEnd;
}

/** Runs that are shown together, for example the modes of a comparison. */
export interface ExportedSection {
  readonly title: string;
  readonly runs: readonly ExportedRun[];
  /** Mode that the others are compared with; the earliest release where none is given. */
  readonly baseline?: string;
  /** Which pull requests make the runs differ, where that was looked for. */
  readonly why?: readonly string[];
}

/** A kind of file that runs can be saved as. Credentials are in no trace, and so in no file that is made from one. */
export interface Exporter {
  /** As `--to` and the options of `compare` name it. */
  readonly id: string;
  /** What names of such files end with, without the first dot. */
  readonly extension: string;
  /** What a file dialog calls such files. */
  readonly kind: () => string;
  /** What is in such a file, as a list of formats says beside its kind. */
  readonly about: () => string;
  /** Such a file with its article: goes behind "it exists and is not". */
  readonly what: string;
  /** What VS Code opens such a file with. */
  readonly opensIn: 'timeline' | 'browser' | 'editor';
  /** How such files begin: no other file is overwritten. */
  readonly begins: RegExp;
  /**
   * The content, in pieces.
   * @param releases what the modes of the runs may name
   */
  write(sections: readonly ExportedSection[], releases: ReleaseList): Iterable<string>;
}

import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { systemProblem } from '../base/system-problem.ts';
import { writePieces } from '../base/write-pieces.ts';
import { lastLines, traceLine } from './jsonl.ts';
import type { TraceLog } from './trace-log.ts';

/**
 * Writes a trace to a file while it grows, whole lines at a time, so that the file can be read whenever the process ends.
 * A file that takes no more ends the trace and not the run.
 * @throws Error from the constructor when the file cannot be written or its folder is not there
 */
export class TraceFile {
  readonly #path: string;
  readonly #onFailure: (sentence: string) => void;
  readonly #descriptor: number;
  readonly #onExit = (): void => this.close();
  #log: TraceLog | undefined;
  #nowUs = (): number => 0;
  #written = 0;
  /** Length of the file up to which it has whole lines. */
  #bytes = 0;
  #scheduled = false;

  /** @param onFailure gets one sentence, once, when the file takes no more */
  constructor(path: string, onFailure: (sentence: string) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
    this.#descriptor = openSync(path, 'w');
  }

  /** @param nowUs the trace's clock, for a process that ends before its trace does */
  begin(log: TraceLog, nowUs: () => number): void {
    this.#log = log;
    this.#nowUs = nowUs;
    // A second Ctrl-C skips the wait for passes in progress.
    process.once('exit', this.#onExit);
    this.#write([traceLine(log.header)]);
  }

  /** The trace goes on in another log with the same start: what is complete in the one before is written. */
  goOnIn(log: TraceLog): void {
    this.#flush();
    if (this.#log === undefined) return;
    this.#log = log;
    this.#written = 0;
  }

  /** The log has grown; the new events are written together, soon. */
  grown(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  /** Writes the rest: events, and passes and waits that have no end. */
  close(): void {
    this.#flush();
    const log = this.#log;
    if (log === undefined) return;
    this.#write(lastLines(log, log.endedUs ?? this.#nowUs()));
    this.#end();
  }

  #flush(): void {
    const log = this.#log;
    if (log === undefined) return;
    let text = '';
    for (; this.#written < log.length; this.#written++) text += traceLine(log.event(this.#written));
    if (text !== '') this.#write([text]);
  }

  #write(lines: Iterable<string>): void {
    try {
      this.#bytes += writePieces(this.#descriptor, lines);
    } catch (error) {
      this.#onFailure(
        `the trace ${this.#path} cannot be written any more: ${systemProblem(error)}; tracing has stopped, the run goes on`,
      );
      this.#cutLastLine();
      this.#end();
    }
  }

  /** A part of a line may have found room. */
  #cutLastLine(): void {
    try {
      ftruncateSync(this.#descriptor, this.#bytes);
    } catch {
      // A device has no length.
    }
  }

  #end(): void {
    if (this.#log === undefined) return;
    this.#log = undefined;
    closeSync(this.#descriptor);
    process.off('exit', this.#onExit);
  }
}

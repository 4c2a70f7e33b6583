import { closeSync, openSync, writeSync } from 'node:fs';
import { lastLines, traceLine, traceLines } from '../trace/jsonl.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** Text is handed to the file in pieces of about this many characters. */
const PIECE = 1 << 20;

/**
 * Writes a trace to a file while it grows, whole lines at a time, so that the file can be read whenever the process ends.
 * @throws Error from the constructor when the file cannot be written or its folder is not there
 */
export class TraceFile {
  readonly #descriptor: number;
  readonly #onExit = (): void => this.close();
  #log: TraceLog | undefined;
  #nowUs = (): number => 0;
  #written = 0;
  #scheduled = false;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w');
  }

  /** @param nowUs the trace's clock, for a process that ends before its trace does */
  begin(log: TraceLog, nowUs: () => number): void {
    this.#log = log;
    this.#nowUs = nowUs;
    writeSync(this.#descriptor, traceLine(log.header));
    // Who does not want to wait for the passes in progress presses Ctrl-C once more.
    process.once('exit', this.#onExit);
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
    const log = this.#log;
    if (log === undefined) return;
    this.#flush();
    write(this.#descriptor, lastLines(log, log.endedUs ?? this.#nowUs()));
    closeSync(this.#descriptor);
    process.off('exit', this.#onExit);
    this.#log = undefined;
  }

  #flush(): void {
    const log = this.#log;
    if (log === undefined) return;
    let text = '';
    for (; this.#written < log.length; this.#written++) text += traceLine(log.event(this.#written));
    if (text !== '') writeSync(this.#descriptor, text);
  }
}

/**
 * Writes whole traces to one file, one after the other.
 * @param runs of each the trace, and where its timeline begins
 * @throws Error when the file cannot be written or its folder is not there
 */
export function writeTraces(
  path: string,
  runs: readonly { readonly trace: TraceLog; readonly originUs: number }[],
): void {
  const descriptor = openSync(path, 'w');
  for (const { trace, originUs } of runs) write(descriptor, traceLines(trace, trace.endedUs, originUs));
  closeSync(descriptor);
}

function write(descriptor: number, lines: Iterable<string>): void {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < PIECE) continue;
    writeSync(descriptor, text);
    text = '';
  }
  writeSync(descriptor, text);
}

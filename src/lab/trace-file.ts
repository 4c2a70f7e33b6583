import { closeSync, openSync, writeSync } from 'node:fs';
import { eventLine } from '../trace/jsonl.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * Writes a trace to a file while it grows, whole lines at a time, so that the file can be read whenever the process ends.
 * @throws Error from the constructor when the file cannot be written or its folder is not there
 */
export class TraceFile {
  readonly #descriptor: number;
  #log: TraceLog | undefined;
  #written = 0;
  #scheduled = false;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w');
  }

  begin(log: TraceLog): void {
    this.#log = log;
    writeSync(this.#descriptor, `${JSON.stringify(log.header)}\n`);
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

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
    this.#log = undefined;
  }

  #flush(): void {
    const log = this.#log;
    if (log === undefined) return;
    let text = '';
    for (; this.#written < log.length; this.#written++) text += eventLine(log.event(this.#written));
    if (text !== '') writeSync(this.#descriptor, text);
  }
}

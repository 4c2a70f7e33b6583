import { isJsonObject, type JsonObject } from '../base/json.ts';
import { checkedEvent, checkedHeader, LineError } from './checked.ts';
import type { TraceEvent } from './model.ts';
import { TraceLog } from './trace-log.ts';
import { whyOf } from './why.ts';

/** Trace files: JSON Lines, a header and then events. */
export function* traceLines(log: TraceLog): IterableIterator<string> {
  yield `${JSON.stringify(log.header)}\n`;
  for (const event of log.events()) yield eventLine(event);
}

export function eventLine(event: TraceEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** A pass has a few kilobytes; a line without an end is no trace. */
const LONGEST_LINE = 16 << 20;

/** A file that is not a trace, or is one from a later version of the lab. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError';
}

/**
 * Reads a trace from pieces of its text, as they come from a file. A last line without its end, as a killed process
 * leaves it, is dropped.
 */
export class TraceReader {
  #log: TraceLog | undefined;
  /** The beginning of a line whose end has not come yet. */
  #rest: string[] = [];
  #restLength = 0;
  #line = 0;

  /** @throws TraceFormatError that names the line */
  push(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, end);
      this.#read(this.#rest.length === 0 ? line : this.#rest.join('') + line);
      this.#rest = [];
      this.#restLength = 0;
      start = end + 1;
    }
    if (start === text.length) return;
    this.#rest.push(text.slice(start));
    this.#restLength += text.length - start;
    if (this.#restLength > LONGEST_LINE) {
      throw new TraceFormatError(`line ${this.#line + 1} is longer than ${LONGEST_LINE >> 20} million characters`);
    }
  }

  /** @throws TraceFormatError where there is no header */
  end(): TraceLog {
    if (this.#log === undefined) this.#read(this.#rest.join(''));
    return this.#log as unknown as TraceLog;
  }

  #read(line: string): void {
    this.#line++;
    try {
      if (this.#log === undefined) this.#log = new TraceLog(checkedHeader(parseLine(line.replace(/^\uFEFF/, ''))));
      else if (line.trim() !== '') addEvent(this.#log, checkedEvent(parseLine(line)));
    } catch (error) {
      if (error instanceof LineError) throw new TraceFormatError(`line ${this.#line} ${error.message}`);
      throw error;
    }
  }
}

/**
 * Reads a trace.
 * @throws TraceFormatError that names the line
 */
export function parseTrace(text: string): TraceLog {
  const reader = new TraceReader();
  reader.push(text);
  return reader.end();
}

function parseLine(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Told below.
  }
  if (!isJsonObject(value)) throw new LineError('is not a JSON object');
  return value;
}

function addEvent(log: TraceLog, event: TraceEvent): void {
  if (event.type === 'runner') {
    const { runner, at, phase, runnerId, pod, deleted } = event;
    log.addRunnerEvent(runner, at, phase, runnerId, pod, deleted, whyOf(event));
    return;
  }
  const { runner, worker, attempt, trigger, queued, ready, started } = event;
  const pass = log.beginPass(runner, worker, attempt, trigger, queued, ready, started);
  for (const phase of event.phases) log.beginPhase(pass, phase.name, phase.started);
  for (const request of event.requests) {
    const { to, verb, resource, name, status, throttled, message } = request;
    log.addRequest(pass, to, verb, resource, name, status, throttled, request.started, request.ended, message);
  }
  log.endPass(pass, event.result, event.after, event.error, event.ended);
}

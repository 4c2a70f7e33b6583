import { isJsonObject, type JsonObject } from '../base/json.ts';
import { parseHeader, parseLine, type TraceVersion } from './parse-line.ts';
import { LineError } from './fields.ts';
import type { TraceHeader, TraceLine } from './model.ts';
import { TraceLog } from './trace-log.ts';

/**
 * Trace files: JSON Lines, a header and then events, at last those that are open.
 * @param atUs for a trace that goes on: what has no end now is written without one
 * @param originUs where timelines begin
 */
export function* traceLines(log: TraceLog, atUs = log.endedUs, originUs = log.header.origin): IterableIterator<string> {
  yield traceLine(originUs === undefined ? log.header : { ...log.header, origin: originUs });
  for (const event of log.events()) yield traceLine(event);
  yield* lastLines(log, atUs);
}

/** What is open, and until when that is known: the end of a trace's lines. */
export function* lastLines(log: TraceLog, atUs = log.endedUs): IterableIterator<string> {
  for (const event of log.open()) yield traceLine(event);
  for (const request of log.openRequests()) yield traceLine(log.rows.freeRequest(request));
  if (atUs !== undefined) yield traceLine({ type: 'end', at: atUs });
}

export function traceLine(line: TraceLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** A pass has a few kilobytes; a line without an end is no trace. */
const LONGEST_LINE = 16 << 20;

/** A file that is not a trace, or is one from a later version of the lab. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError';
}

/**
 * Reads the traces of a file from pieces of its text, as they come. A last line without its end, as a killed process
 * leaves it, is dropped.
 */
export class TraceReader {
  readonly #logs: TraceLog[] = [];
  /** Of the trace that is being read. */
  #version: TraceVersion = 2;
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

  /**
   * The traces, one or more, in the order of the file.
   * @throws TraceFormatError where there is no header
   */
  end(): readonly TraceLog[] {
    if (this.#logs.length === 0) this.#read(this.#rest.join(''));
    return this.#logs;
  }

  #read(line: string): void {
    this.#line++;
    try {
      const log = this.#logs.at(-1);
      if (log !== undefined && line.trim() === '') return;
      const raw = parseJson(log === undefined ? line.replace(/^\uFEFF/, '') : line);
      if (log === undefined || raw['type'] === 'header') this.#begin(raw);
      else addLine(log, parseLine(raw, this.#version));
    } catch (error) {
      if (error instanceof LineError) throw new TraceFormatError(`line ${this.#line} ${error.message}`);
      throw error;
    }
  }

  #begin(raw: JsonObject): void {
    const { header, version } = parseHeader(raw);
    this.#logs.push(new TraceLog(header));
    this.#version = version;
  }
}

/**
 * Reads a trace, of several in the text the first.
 * @throws TraceFormatError that names the line
 */
export function parseTrace(text: string): TraceLog {
  const reader = new TraceReader();
  reader.push(text);
  return reader.end()[0] as TraceLog;
}

function parseJson(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Told below.
  }
  if (!isJsonObject(value)) throw new LineError('is not a JSON object');
  return value;
}

function addLine(log: TraceLog, line: Exclude<TraceLine, TraceHeader>): void {
  switch (line.type) {
    case 'end':
      log.end(line.at);
      break;
    case 'object':
      log.addObject(line);
      break;
    case 'request':
      log.addRequest(line);
      break;
    case 'mark':
      log.addMark(line);
      break;
    case 'line':
      log.addLine(line);
      break;
    case 'pass':
      if (line.started === undefined && line.ended === undefined) log.beginWait(line);
      else log.addPass(line);
  }
}

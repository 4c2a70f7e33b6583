import { POD_STATES, RESULTS, type PassResult, type PodState, type TraceEvent, type TraceHeader } from './model.ts';
import { TraceLog } from './trace-log.ts';

/** Trace files: JSON Lines, a header and then events. */
export function* traceLines(log: TraceLog): IterableIterator<string> {
  yield `${JSON.stringify(log.header)}\n`;
  for (const event of log.events()) yield eventLine(event);
}

export function eventLine(event: TraceEvent): string {
  return `${JSON.stringify(event)}\n`;
}

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
  #rest = '';
  #line = 0;

  /** @throws TraceFormatError that names the line */
  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  /** @throws TraceFormatError where there is no header */
  end(): TraceLog {
    if (this.#log === undefined) this.#read(this.#rest);
    return this.#log as unknown as TraceLog;
  }

  #read(line: string): void {
    this.#line++;
    if (this.#log === undefined) this.#log = new TraceLog(parseHeader(line));
    else if (line.trim() !== '') addEvent(this.#log, parseLine(line, this.#line), this.#line);
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

function parseHeader(line: string): TraceHeader {
  const header = parseLine(line.replace(/^\uFEFF/, ''), 1);
  if (header['type'] !== 'header')
    throw new TraceFormatError('line 1 is not a trace header; is this an ARC trace file?');
  if (header['version'] !== 1) {
    throw new TraceFormatError(`this trace has version ${String(header['version'])}; this release reads version 1`);
  }
  return header as unknown as TraceHeader;
}

function parseLine(line: string, number: number): Record<string, unknown> {
  try {
    const value = JSON.parse(line) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new TraceFormatError(`line ${number} is not a JSON object`);
}

function addEvent(log: TraceLog, raw: Record<string, unknown>, line: number): void {
  const event = raw as unknown as TraceEvent;
  if (event.type === 'runner') {
    const pod: PodState = POD_STATES.includes(event.pod) ? event.pod : 'none';
    log.addRunnerEvent(event.runner, event.at, event.phase, event.runnerId, pod, event.deleted);
    return;
  }
  if (event.type !== 'pass') throw new TraceFormatError(`line ${line} has an unknown type: ${String(raw['type'])}`);
  if (!RESULTS.includes(event.result)) {
    throw new TraceFormatError(`line ${line} has an unknown result: ${String(event.result)}`);
  }
  if (!Array.isArray(raw['phases']) || !Array.isArray(raw['requests']) || typeof event.runner !== 'string') {
    throw new TraceFormatError(`line ${line} is a pass without its runner, phases or requests`);
  }
  const { runner, worker, attempt, trigger, queued, ready, started } = event;
  const pass = log.beginPass(runner, worker, attempt, trigger, queued, ready, started);
  for (const phase of event.phases) log.beginPhase(pass, phase.name, phase.started);
  for (const request of event.requests) {
    const { to, verb, resource, name, status, throttled } = request;
    log.addRequest(pass, to, verb, resource, name, status, throttled, request.started, request.ended);
  }
  log.endPass(pass, event.result satisfies PassResult, event.after, event.error, event.ended);
}

import { TraceFormatError, TraceReader } from '../trace/jsonl.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { EvidenceError, inputName } from './evidence-error.ts';
import { TraceMaker } from './passes/trace-maker.ts';
import { peek } from './peek.ts';
import { readEvidence, type Input } from './read-evidence.ts';
import { releaseOf } from './release.ts';

/** With this the header of a trace begins, and no line of a log. */
const TRACE = /^\s*\{[^{}]*"type":\s*"header"/;

/**
 * A trace as it was written, or the one that the lines of a log show; of a file with several traces the first.
 * @throws EvidenceError where it is neither, or no line is the controller's
 */
export async function traceOf(input: Input): Promise<TraceLog> {
  const { beginning, bytes } = await peek(input.bytes);
  const isTrace = TRACE.test(new TextDecoder().decode(beginning.subarray(0, 4096)));
  return isTrace ? readTrace(input.name, bytes) : readLog(input.name, bytes);
}

async function readTrace(name: string, bytes: AsyncIterable<Uint8Array>): Promise<TraceLog> {
  const reader = new TraceReader();
  const decoder = new TextDecoder();
  try {
    for await (const piece of bytes) reader.push(decoder.decode(piece, { stream: true }));
    return reader.end()[0] as TraceLog;
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    throw new EvidenceError(`${inputName(name)} cannot be read as a trace: ${error.message}`);
  }
}

async function readLog(name: string, bytes: AsyncIterable<Uint8Array>): Promise<TraceLog> {
  const maker = new TraceMaker();
  const { reading, files } = await readEvidence([{ name, bytes }], (...line) => maker.take(...line));
  const sampledAway = files.reduce((sum, file) => sum + file.sampledAway, 0);
  const trace = maker.end(releaseOf(reading)?.text, sampledAway);
  if (trace === undefined) throw new EvidenceError(`${inputName(name)} has no line of the controller's about a runner`);
  return trace;
}

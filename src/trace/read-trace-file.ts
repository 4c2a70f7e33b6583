import { createReadStream } from 'node:fs';
import { isJsonObject } from '../base/json.ts';
import { TraceReader } from './jsonl.ts';
import type { TraceLog } from './trace-log.ts';

/** Whether the first line is a trace's header. */
export async function isTraceFile(file: string): Promise<boolean> {
  const stream = createReadStream(file, { encoding: 'utf8', end: 65_535 });
  let text = '';
  for await (const piece of stream as AsyncIterable<string>) text += piece;
  try {
    const first: unknown = JSON.parse(text.replace(/^\uFEFF/, '').split('\n', 1)[0] ?? '');
    return isJsonObject(first) && first['type'] === 'header';
  } catch {
    return false;
  }
}

/** @throws TraceFormatError, and what the system says of the file */
export async function readTraceFile(file: string): Promise<readonly TraceLog[]> {
  const reader = new TraceReader();
  const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
  for await (const piece of stream as AsyncIterable<string>) reader.push(piece);
  return reader.end();
}

import { createReadStream } from 'node:fs';
import { systemProblem } from '../base/system-problem.ts';
import { EvidenceError } from './evidence-error.ts';
import { CutShortError, gunzip } from './gunzip.ts';

/** Read at once: larger pieces cost memory, smaller ones time. */
const PIECE = 1 << 16;

/**
 * The bytes of a file, or of standard input for `-`, unpacked where they are gzip.
 * @throws EvidenceError while they are read
 * @throws CutShortError at the end of a packed file that lacks its own
 */
export async function* openInput(file: string): AsyncGenerator<Uint8Array> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: PIECE });
  try {
    yield* unpacked(source);
  } catch (error) {
    if (error instanceof CutShortError) throw error;
    throw new EvidenceError(`${file === '-' ? 'standard input' : file} cannot be read: ${systemProblem(error)}`);
  }
}

/** Bytes as they are, or unpacked where they are gzip. */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const all = startingWith(first.value, { [Symbol.asyncIterator]: () => pieces });
  if (!(first.value[0] === 0x1f && first.value[1] === 0x8b)) {
    yield* all;
    return;
  }
  yield* gunzip(all);
}

async function* startingWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

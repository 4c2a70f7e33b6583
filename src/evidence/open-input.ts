import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { systemProblem } from '../base/system-problem.ts';
import { EvidenceError } from './evidence-error.ts';

/** Read at once: larger pieces cost memory, smaller ones time. */
const PIECE = 1 << 20;

/**
 * The bytes of a file, or of standard input for `-`, unpacked where they are gzip.
 * @throws EvidenceError while they are read
 */
export async function* openInput(file: string): AsyncGenerator<Uint8Array> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: PIECE });
  try {
    yield* unpacked(source);
  } catch (error) {
    throw new EvidenceError(`${file === '-' ? 'standard input' : file} cannot be read: ${systemProblem(error)}`);
  }
}

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const all = startingWith(first.value, { [Symbol.asyncIterator]: () => pieces });
  if (!(first.value[0] === 0x1f && first.value[1] === 0x8b)) {
    yield* all;
    return;
  }
  // A file that ends in the middle, as one that is still being written, is read up to there.
  const gunzip = createGunzip({ chunkSize: PIECE, finishFlush: constants.Z_SYNC_FLUSH });
  const packed = Readable.from(all, { objectMode: false });
  packed.on('error', (error) => gunzip.destroy(error));
  yield* packed.pipe(gunzip) as AsyncIterable<Uint8Array>;
}

async function* startingWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

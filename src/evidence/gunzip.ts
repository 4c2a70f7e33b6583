import { createGunzip } from 'node:zlib';

/** Packed bytes are unpacked in pieces of this size; the output of one piece is held in memory until it is read. */
const PACKED = 1 << 16;
const UNPACKED = 1 << 20;

/** A packed file ends before its content does: it was cut, or is still being written. All that was there has been read. */
export class CutShortError extends Error {
  override readonly name = 'CutShortError';
}

/** @throws CutShortError after the last byte that could be unpacked */
export async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip({ chunkSize: UNPACKED });
  const ready: Uint8Array[] = [];
  let failure: NodeJS.ErrnoException | undefined;
  unzip.on('data', (bytes: Uint8Array) => ready.push(bytes));
  const ended = new Promise<void>((resolve) => {
    unzip.on('end', resolve);
    unzip.on('error', (error) => {
      failure = error;
      resolve();
    });
  });
  try {
    for await (const piece of packed) {
      for (let from = 0; from < piece.length && failure === undefined; from += PACKED) {
        await new Promise<void>((resolve) => {
          unzip.write(piece.subarray(from, from + PACKED), () => setImmediate(resolve));
        });
        yield* ready.splice(0);
      }
    }
    // Only now, as the error at the end would take along what has not been read.
    unzip.end();
    await ended;
    yield* ready.splice(0);
  } finally {
    unzip.destroy();
  }
  if (failure?.code === 'Z_BUF_ERROR') throw new CutShortError('unexpected end of file');
  if (failure !== undefined) throw failure;
}

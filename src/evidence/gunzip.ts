import { createGunzip } from 'node:zlib';

/**
 * Packed bytes are unpacked in pieces of this size. The output of one piece is held in memory until it is read, and is lost
 * where the piece is damaged.
 */
const PACKED = 1 << 12;
const UNPACKED = 1 << 20;

/**
 * A packed file ends before its content does, as it was cut or is still being written, or it is damaged from some place on.
 * What came before has been read. The message is what it does: `ends too early`.
 */
export class CutShortError extends Error {
  override readonly name = 'CutShortError';
}

/** @throws CutShortError after the last bytes that could be unpacked */
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
        const written = new Promise<void>((resolve) => {
          unzip.write(piece.subarray(from, from + PACKED), () => setImmediate(resolve));
        });
        // Damaged bytes, and those behind the end, are never taken.
        await Promise.race([written, ended]);
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
  if (failure?.code === 'Z_BUF_ERROR') throw new CutShortError('ends too early (unexpected end of file)');
  if (failure?.code === 'Z_DATA_ERROR') throw new CutShortError(`is damaged (${failure.message})`);
  if (failure !== undefined) throw failure;
}

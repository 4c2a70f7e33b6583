import { createReadStream } from 'node:fs';
import { systemProblem } from '../base/system-problem.ts';
import { UnreadableError } from './evidence-error.ts';
import { CutShortError, gunzip } from './gunzip.ts';
import { isGzip, packedAs } from './packed.ts';
import { peek } from './peek.ts';

/** Read at once: larger pieces cost memory, smaller ones time. */
const PIECE = 1 << 16;

/**
 * The bytes of a file, or of standard input for `-`, unpacked where they are gzip.
 * @throws UnreadableError while they are read
 * @throws CutShortError at the end of a packed file that lacks its own, or where it is damaged
 */
export function openInput(file: string): AsyncGenerator<Uint8Array> {
  return unpacked(file, file === '-' ? process.stdin : createReadStream(file, { highWaterMark: PIECE }));
}

/**
 * Bytes as they are, or unpacked where they are gzip.
 * @param file the name that errors have for them
 * @throws UnreadableError, CutShortError
 */
export async function* unpacked(file: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    const { beginning, bytes } = await peek(source);
    const packed = packedAs(beginning);
    if (packed !== undefined) throw new UnreadableError(file, packed);
    yield* isGzip(beginning) ? gunzip(bytes) : bytes;
  } catch (error) {
    if (error instanceof CutShortError || error instanceof UnreadableError) throw error;
    throw new UnreadableError(file, systemProblem(error));
  }
}

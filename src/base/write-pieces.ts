import { closeSync, openSync, writeFileSync } from 'node:fs';

/** About this many characters are written at once. */
const PIECE = 1 << 20;

/** The same text in fewer and longer pieces: each costs a call. */
export function* longPieces(pieces: Iterable<string>): IterableIterator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield text;
}

/**
 * Writes a text of any length that comes in pieces to an open file.
 * @returns how many bytes were written
 * @throws Error when there is no room for all of them
 */
export function writePieces(descriptor: number, pieces: Iterable<string>): number {
  let bytes = 0;
  for (const piece of longPieces(pieces)) {
    // Unlike writeSync, it goes on until everything is written.
    writeFileSync(descriptor, piece);
    bytes += Buffer.byteLength(piece);
  }
  return bytes;
}

/**
 * The same to a file of its own, whose content is replaced.
 * @throws Error when the file cannot be written or its folder is not there
 */
export function writeFileOf(path: string, pieces: Iterable<string>): void {
  const descriptor = openSync(path, 'w');
  try {
    writePieces(descriptor, pieces);
  } finally {
    closeSync(descriptor);
  }
}

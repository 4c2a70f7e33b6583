import { TextDecoder } from 'node:util';

/** Longer lines are cut: no log has them, and a file without line ends must not fill the memory. */
const LONGEST = 1 << 20;

/** The lines of a file, many at once. UTF-8, or UTF-16 with a byte order mark, as PowerShell writes files. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let decoder: TextDecoder | undefined;
  let rest = '';
  for await (const piece of pieces) {
    decoder ??= new TextDecoder(encodingOf(piece));
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST);
    if (lines.length > 0) yield lines;
  }
  rest += decoder?.decode() ?? '';
  if (rest !== '') yield [rest];
}

function encodingOf(piece: Uint8Array): string {
  if (piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le';
  return piece[0] === 0xfe && piece[1] === 0xff ? 'utf-16be' : 'utf-8';
}

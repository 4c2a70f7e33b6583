import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Longer lines are cut: a file without line ends must not fill the memory. A log store's array may be one line. */
const LONGEST = 64 << 20;

/** Bytes by which the encoding of a file is known. */
const BEGINNING = 256;

/**
 * The lines of a file, many at once. UTF-8, or UTF-16, as PowerShell writes files; zero bytes are left out: a crash leaves some
 * where lines were, and PowerShell appends UTF-16 to files in UTF-8.
 */
export class Lines {
  /** Characters left out, as their line was longer than 64 MiB. */
  cutAway = 0;
  /** Zero bytes left out. */
  zeros = 0;

  readonly #longest: number;

  constructor(longest = LONGEST) {
    this.#longest = longest;
  }

  async *of(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
    let decoder: TextDecoder | undefined;
    let lineEnd: string | undefined;
    /** The line that has not ended, in its pieces: joining them each time takes long. */
    let open: string[] = [];
    let length = 0;
    /** Whether no character lies in two pieces. */
    let isWhole = true;
    const keep = (text: string): void => {
      const kept = text.slice(0, Math.max(0, this.#longest - length));
      this.cutAway += text.length - kept.length;
      length += kept.length;
      if (kept !== '') open.push(kept);
    };
    for await (const piece of pieces) {
      decoder ??= new TextDecoder(encodingOf(piece));
      // As text of one byte a character it takes half the memory, and a third of the time to look through.
      const isPlain = isWhole && decoder.encoding === 'utf-8' && isAscii(piece);
      const text = this.#withoutZeros(
        isPlain ? asBuffer(piece).toString('latin1') : decoder.decode(piece, { stream: true }),
      );
      lineEnd ??= lineEndOf(text);
      const lines = text.split(lineEnd ?? '\n');
      isWhole = (piece.at(-1) ?? 0) < 0x80;
      keep(lines[0] as string);
      if (lines.length === 1) continue;
      lines[0] = open.join('');
      [open, length] = [[], 0];
      keep(lines.pop() as string);
      yield lines;
    }
    keep(decoder?.decode() ?? '');
    if (open.length > 0) yield [open.join('')];
  }

  #withoutZeros(text: string): string {
    if (!text.includes('\0')) return text;
    const rest = text.replaceAll('\0', '');
    this.zeros += text.length - rest.length;
    return rest;
  }
}

/** Undefined where the text has none. */
function lineEndOf(text: string): string | undefined {
  if (text.includes('\n')) return '\n';
  // Old programs end lines so; one at the end of a piece may be half of an end of Windows.
  return text.slice(0, -1).includes('\r') ? '\r' : undefined;
}

/** The text of a whole file, whatever it is encoded in. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(piece: Uint8Array): string {
  if (piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le';
  if (piece[0] === 0xfe && piece[1] === 0xff) return 'utf-16be';
  // Without a mark: nearly all characters of a log are of ASCII, whose other byte is 0.
  const beginning = piece.subarray(0, BEGINNING);
  const zeros = (odd: number): number => beginning.filter((byte, index) => byte === 0 && index % 2 === odd).length;
  const [even, odd] = [zeros(0), zeros(1)];
  const [few, most] = [beginning.length * 0.1, beginning.length * 0.4];
  return odd > most && even < few ? 'utf-16le' : even > most && odd < few ? 'utf-16be' : 'utf-8';
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** No editor sends a longer message, in bytes. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Headers are shorter than this, in bytes: of what has come without any, so much may be the beginning of some. */
const LONGEST_HEADERS = 1024;

/**
 * The length of a message, perhaps other headers, and an empty line. It is nowhere within a message: JSON has no line breaks in
 * its texts.
 */
const LENGTH = /content-length[ \t]*:[ \t]*(\d+)[ \t]*\r?\n(?:[\w-]+[ \t]*:[^\r\n]*\r?\n)*\r?\n/i;
const LENGTHS = new RegExp(LENGTH, 'gi');
const OTHER_HEADERS = /^(?:[\w-]+[ \t]*:[^\r\n]*\r?\n)*$/;

interface MessageReaderOptions {
  readonly onMessage: (message: object) => void;
  /** Told that something came between messages that is none. */
  readonly onGarbage: () => void;
}

/** Takes messages of the Debug Adapter Protocol from a stream of bytes, and finds the next one after bytes that are none. */
export class MessageReader {
  readonly #options: MessageReaderOptions;
  #chunks: Buffer[] = [];
  /** Of all chunks together. */
  #length = 0;
  /** The newest bytes of all that came. */
  #newest = Buffer.alloc(0);
  /** How long the message is whose headers have come. */
  #wanted: number | undefined;
  /** Whether it was said of what came last that it is no message. */
  #isInGarbage = false;

  constructor(options: MessageReaderOptions) {
    this.#options = options;
  }

  take(chunk: Buffer): void {
    const before = this.#newest;
    const seen = Buffer.concat([before, chunk]);
    this.#newest = seen.subarray(-LONGEST_HEADERS);
    this.#checkLength(seen, this.#length - before.length);
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#wanted === undefined ? this.#readHeaders() : this.#readMessage());
  }

  /** @returns whether they have come */
  #readHeaders(): boolean {
    const bytes = this.#whole();
    const text = bytes.toString('latin1');
    const found = LENGTH.exec(text);
    if (found === null) {
      if (bytes.length > 2 * LONGEST_HEADERS) this.#drop(bytes.length - LONGEST_HEADERS);
      return false;
    }
    const wanted = Number(found[1]);
    const end = found.index + found[0].length;
    if (wanted > MOST_BYTES) this.#drop(end);
    else {
      if (!OTHER_HEADERS.test(text.slice(0, found.index))) this.#sayGarbage();
      const rest = bytes.subarray(end);
      this.#keep(rest);
      this.#wanted = wanted;
      if (rest.length < wanted) this.#checkLength(rest, 0);
    }
    return true;
  }

  /** Headers within the message that is waited for: it is shorter than its own say. @param at where the bytes begin in it */
  #checkLength(bytes: Buffer, at: number): void {
    const wanted = this.#wanted;
    if (wanted === undefined) return;
    for (const { index } of bytes.toString('latin1').matchAll(LENGTHS)) {
      if (at + index >= 0 && at + index < wanted) this.#wanted = undefined;
    }
  }

  /** @returns whether all of it has come */
  #readMessage(): boolean {
    const wanted = this.#wanted ?? 0;
    if (this.#length < wanted) return false;
    const bytes = this.#whole();
    const message = parsed(bytes.toString('utf8', 0, wanted));
    this.#wanted = undefined;
    // Of what is no message only the headers are gone: another one may begin in it.
    if (message === undefined) return true;
    this.#keep(bytes.subarray(wanted));
    this.#isInGarbage = false;
    this.#options.onMessage(message);
    return true;
  }

  #drop(count: number): void {
    this.#keep(this.#whole().subarray(count));
    this.#sayGarbage();
  }

  /** Once, until a message comes. */
  #sayGarbage(): void {
    if (this.#isInGarbage) return;
    this.#isInGarbage = true;
    this.#options.onGarbage();
  }

  #keep(bytes: Buffer): void {
    this.#chunks = [bytes];
    this.#length = bytes.length;
  }

  /** Put together once for each message, as long ones come in many chunks. */
  #whole(): Buffer {
    if (this.#chunks.length !== 1) this.#keep(Buffer.concat(this.#chunks));
    return this.#chunks[0] ?? Buffer.alloc(0);
  }
}

/** An object; undefined of a text that is none. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

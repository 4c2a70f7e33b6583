/** What does not fit is read as it comes: its parts stay in the order of the file. */
const LARGEST = 32 << 20;
/** Of a larger one only some lines are looked at first: a part that is put before another is longer than they are apart. */
const LOOKED_AT = 1 << 20;
/** Programs that write to one log have clocks of their own, and stores mix what comes at once. */
const BACK_MS = 5e3;
/** Two logs that meet have stamps of one second. */
const SECOND_MS = 1e3;
/** Fewer stamps may be damaged ones. */
const FEWEST = 5;
/** With more parts it is another order than that of files put together. */
const MOST_PARTS = 8;
/** The stamp that a line begins with stands in its first characters. */
const BEGINNING = 120;
const STAMP =
  /^(?:\[[^\]]*\] |\S+ \| )?(?:time="?|\{"(?:severity|level|ts|time)":"[^T]{0,40}?)?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*(Z|[+-]\d\d:?\d\d)?/;
/** What an issue has around a log that it quotes. */
const FENCE = /^\s*```/;
const LINE_END = 0x0a;

/** A part of a file, and the number of its first line. */
export interface FilePart {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly line: number;
}

/**
 * A file in parts, the oldest first: somebody has put a later log before an earlier one, as `cat controller.log controller.log.1`
 * does. One part, where the file is in order, is in none, or is too large to be looked at before it is read.
 */
export async function olderFirst(bytes: AsyncIterable<Uint8Array>): Promise<readonly FilePart[]> {
  const source = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await source.next();
    } catch (error) {
      return [{ bytes: heldThen(held, failing(error)), line: 1 }];
    }
    if (next.done === true) break;
    held.push(next.value);
    size += next.value.length;
    if (size > LARGEST) return [{ bytes: heldThen(held, source), line: 1 }];
  }
  const parts = size > LOOKED_AT && runForward(held) ? [] : partsOf(held);
  if (parts.length < 2) return [{ bytes: heldThen(held), line: 1 }];
  const whole = Buffer.concat(held);
  return parts.map(({ from, until, line }) => ({ bytes: heldThen([whole.subarray(from, until)]), line }));
}

/** Whether times go on from each piece of a file to the next, as far as one line of each tells. */
function runForward(pieces: readonly Uint8Array[]): boolean {
  let latestMs = 0;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const from = bytes.indexOf(LINE_END) + 1;
    const ms = stampOf(bytes.toString('latin1', from, from + BEGINNING));
    if (ms === undefined) continue;
    if (ms < latestMs - BACK_MS) return false;
    latestMs = Math.max(latestMs, ms);
  }
  return true;
}

async function* heldThen(held: Uint8Array[], rest?: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let piece = held.shift(); piece !== undefined; piece = held.shift()) yield piece;
  if (rest !== undefined) yield* { [Symbol.asyncIterator]: () => rest };
}

function failing(error: unknown): AsyncIterator<Uint8Array> {
  const failure = error instanceof Error ? error : new Error(String(error));
  return { next: () => Promise.reject(failure) };
}

interface Part {
  readonly from: number;
  until: number;
  readonly line: number;
  readonly firstMs: number;
  lastMs: number;
  latestMs: number;
  stamps: number;
}

/** Where times go back, or on over an earlier part, in the order of time; none where the parts overlap, or are too short to be logs. */
function partsOf(pieces: readonly Uint8Array[]): Part[] {
  const parts: Part[] = [];
  let [line, start] = [0, 0];
  /** The last fence since a line with a stamp: it opens what is quoted next. */
  let fence: { readonly line: number; readonly from: number } | undefined;
  for (const text of linesOf(pieces)) {
    line++;
    const ms = stampOf(text.beginning);
    const part = parts.at(-1);
    if (ms === undefined) {
      if (FENCE.test(text.beginning)) fence = { line, from: start };
    } else {
      if (part === undefined || isOfAnother(ms, part, parts)) {
        if (parts.length >= MOST_PARTS) return [];
        const begin = part === undefined ? { line: 1, from: 0 } : (fence ?? { line, from: start });
        if (part !== undefined) part.until = begin.from;
        parts.push({ ...begin, until: 0, firstMs: ms, lastMs: ms, latestMs: ms, stamps: 1 });
      } else {
        part.stamps++;
        part.lastMs = ms;
        part.latestMs = Math.max(part.latestMs, ms);
      }
      fence = undefined;
    }
    start += text.length;
    const open = parts.at(-1);
    if (open !== undefined) open.until = start;
  }
  return inOrder(parts);
}

/** Whether a line with a time is not of the part before it: it is older, or an earlier part lies between the two. */
function isOfAnother(ms: number, part: Part, parts: readonly Part[]): boolean {
  if (ms < part.latestMs - BACK_MS) return true;
  const isBetween = ({ firstMs, latestMs }: Part): boolean =>
    firstMs >= part.latestMs - SECOND_MS && latestMs <= ms + SECOND_MS && firstMs > part.firstMs;
  return parts.some((earlier) => earlier !== part && isBetween(earlier));
}

function inOrder(parts: Part[]): Part[] {
  // A log with its newest lines first goes back all the time, and within no part on.
  if (parts.some(({ stamps, firstMs, lastMs }) => stamps < FEWEST || lastMs <= firstMs)) return [];
  const sorted = [...parts].sort((a, b) => a.firstMs - b.firstMs);
  const isApart = sorted.every(({ firstMs }, index) => firstMs >= (sorted[index - 1]?.latestMs ?? firstMs) - BACK_MS);
  return isApart ? sorted : [];
}

interface LineBeginning {
  readonly beginning: string;
  /** In bytes, with the line's end. */
  readonly length: number;
}

function* linesOf(pieces: readonly Uint8Array[]): Generator<LineBeginning> {
  /** Of the line that has not ended. */
  let [beginning, before] = ['', 0];
  for (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
      const missing = Math.max(0, BEGINNING - beginning.length);
      const text = bytes.toString('latin1', from, Math.min(end, from + missing));
      yield { beginning: beginning + text, length: before + end + 1 - from };
      [beginning, before, from] = ['', 0, end + 1];
    }
    const missing = Math.max(0, BEGINNING - beginning.length);
    beginning += bytes.toString('latin1', from, Math.min(bytes.length, from + missing));
    before += bytes.length - from;
  }
  if (before > 0) yield { beginning, length: before };
}

function stampOf(beginning: string): number | undefined {
  const [, stamp, zone = 'Z'] = STAMP.exec(beginning) ?? [];
  if (stamp === undefined) return undefined;
  const ms = Date.parse(`${stamp.replace(' ', 'T')}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

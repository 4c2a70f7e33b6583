import { DETAIL_SHIFT, durationOf, KIND_MASK, LONG, OPEN, WORDS_PER_BAR, type BarBatch } from './bars.ts';

/**
 * A batch of bars on its way to the page, in six to seven bytes a bar instead of twenty: on a remote window's connection
 * that is what the time goes into. By bar:
 *
 * | bytes | hold |
 * |---|---|
 * | one | the kind; bit 5 set when the pass is another than that of the bar before, bit 6 when the lane is the same |
 * | a number | the lane, as the signed distance from that of the bar before; left out when it is the same |
 * | a number | the pass, as the signed distance from that of the bar before; left out when it is the same |
 * | a number | the detail |
 * | a number | the start, as the signed distance from that of the bar before |
 * | a number | 0 while the bar has no end, else one more than its duration in microseconds |
 *
 * Numbers are written seven bits a byte, the lowest first, with the eighth bit set on all bytes but the last; signed ones
 * are 2n, or -2n - 1 below 0. Before the first bar lane, pass and start are 0.
 */
export interface PackedBars {
  readonly baseUs: number;
  readonly bars: number;
  readonly bytes: ArrayBuffer;
}

const OTHER_PASS = 1 << 5;
const SAME_LANE = 1 << 6;
/** A bar has at most five numbers of at most eight bytes each. */
const LONGEST_BAR = 41;

/** @returns a buffer of its own, exactly as long as what it holds, so that it can be transferred */
export function packBars(batch: BarBatch): PackedBars {
  const { baseUs, words } = batch;
  const bars = words.length / WORDS_PER_BAR;
  const writer = new ByteWriter(bars * 8);
  let laneBefore = 0;
  let passBefore = 0;
  let startBefore = 0;
  for (let at = 0; at < words.length; at += WORDS_PER_BAR) {
    const start = words[at] as number;
    const duration = durationOf(batch, at);
    const lane = words[at + 2] as number;
    const word = words[at + 3] as number;
    const pass = (words[at + 4] as number) | 0;
    writer.reserve(LONGEST_BAR);
    const head = (word & KIND_MASK) | (pass === passBefore ? 0 : OTHER_PASS) | (lane === laneBefore ? SAME_LANE : 0);
    writer.number(head);
    if (lane !== laneBefore) writer.signed(lane - laneBefore);
    if (pass !== passBefore) writer.signed(pass - passBefore);
    writer.number(word >>> DETAIL_SHIFT);
    writer.signed(start - startBefore);
    writer.number(duration === Infinity ? 0 : duration + 1);
    laneBefore = lane;
    passBefore = pass;
    startBefore = start;
  }
  return { baseUs, bars, bytes: writer.take() };
}

export function unpackBars({ baseUs, bars, bytes }: PackedBars): BarBatch {
  const words = new Uint32Array(bars * WORDS_PER_BAR);
  const source = new Uint8Array(bytes);
  let at = 0;
  const number = (): number => {
    let byte = source[at++] as number;
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = source[at++] as number;
      value += (byte & 127) * scale;
    }
    return value;
  };
  const signed = (): number => {
    const value = number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const longUs: number[] = [];
  let lane = 0;
  let pass = 0;
  let start = 0;
  for (let word = 0; word < words.length; word += WORDS_PER_BAR) {
    const head = source[at++] as number;
    if ((head & SAME_LANE) === 0) lane += signed();
    if ((head & OTHER_PASS) !== 0) pass += signed();
    const detail = number();
    start += signed();
    const duration = number() - 1;
    if (duration >= LONG) longUs.push(duration);
    words[word] = start;
    words[word + 1] = duration < 0 ? OPEN : duration < LONG ? duration : LONG + longUs.length - 1;
    words[word + 2] = lane;
    words[word + 3] = (detail << DETAIL_SHIFT) | (head & KIND_MASK);
    words[word + 4] = pass;
  }
  return { baseUs, words, longUs };
}

class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes);
  }

  /** Makes room for this many more bytes. */
  reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const longer = new Uint8Array(this.#bytes.length * 2 + bytes);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }

  number(value: number): void {
    let left = value;
    // Beyond 31 bits shifts would change the sign.
    for (; left > 0x7fff_ffff; left = Math.floor(left / 128)) this.#bytes[this.#length++] = (left % 128) | 128;
    for (; left > 127; left >>= 7) this.#bytes[this.#length++] = (left & 127) | 128;
    this.#bytes[this.#length++] = left;
  }

  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  take(): ArrayBuffer {
    return this.#bytes.buffer.slice(0, this.#length);
  }
}

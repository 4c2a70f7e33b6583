import { MAX_DETAIL, NO_PASS } from './bars.ts';
import { grown } from './grow-array.ts';
import { OTHER_PASS, SAME_LANE, type PackedBars } from './packed-bars.ts';

/** A bar has at most five numbers of at most eight bytes each. */
const LONGEST_BAR = 41;
const FIRST_BYTES = 4_096;

/** Writes bars as PackedBars describes them. */
export class BarWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #count = 0;
  /** Of the bar before. */
  #lane = 0;
  #pass = 0;
  #startUs = 0;

  /**
   * @param detail what it is depends on the kind; see PackedBars
   * @param startUs in whole microseconds, as `durationUs`
   * @param durationUs Infinity for a bar that has no end yet
   */
  add(lane: number, kind: number, startUs: number, durationUs: number, detail = 0, pass = NO_PASS): void {
    if (this.#length + LONGEST_BAR > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#bytes.length * 2);
    const bytes = this.#bytes;
    const isSameLane = lane === this.#lane;
    const isSamePass = pass === this.#pass;
    let at = this.#length;
    bytes[at++] = kind | (isSamePass ? 0 : OTHER_PASS) | (isSameLane ? SAME_LANE : 0);
    if (!isSameLane) at = putSigned(bytes, at, lane - this.#lane);
    if (!isSamePass) at = putSigned(bytes, at, pass - this.#pass);
    at = put(bytes, at, Math.min(detail, MAX_DETAIL));
    at = putSigned(bytes, at, startUs - this.#startUs);
    at = put(bytes, at, durationUs === Infinity ? 0 : durationUs + 1);
    this.#length = at;
    this.#count++;
    this.#lane = lane;
    this.#pass = pass;
    this.#startUs = startUs;
  }

  /** Everything since the last call; it belongs to the caller. */
  take(): PackedBars {
    const taken = { count: this.#count, bytes: this.#bytes.buffer.slice(0, this.#length) };
    // What a whole trace took is not kept for the few bars that follow.
    if (this.#length > FIRST_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES);
    this.#length = this.#count = this.#lane = this.#pass = this.#startUs = 0;
    return taken;
  }
}

/** @returns the place after the number */
function put(bytes: Uint8Array, from: number, value: number): number {
  let [at, left] = [from, value];
  // Beyond 31 bits shifts would change the sign.
  for (; left > 0x7fff_ffff; left = Math.floor(left / 128)) bytes[at++] = (left % 128) | 128;
  for (; left > 127; left >>= 7) bytes[at++] = (left & 127) | 128;
  bytes[at++] = left;
  return at;
}

function putSigned(bytes: Uint8Array, at: number, value: number): number {
  return put(bytes, at, value < 0 ? -2 * value - 1 : 2 * value);
}

import { DETAIL_SHIFT, LONG, MAX_DETAIL, NO_PASS, OPEN, WORDS_PER_BAR, type BarBatch } from './bars.ts';
import { lengthened } from './lengthened.ts';

/** Bars come in the order of their ends; this much before the first one's start is still in reach of its batch. */
const LOOK_BACK_US = 600_000_000;
/** Starts of a batch are no further from its base. */
const REACH_US = OPEN;

/** Collects bars and hands them over as batches. */
export class BarWriter {
  #words = new Uint32Array(1024);
  #length = 0;
  #baseUs = 0;
  #longUs: number[] = [];
  readonly #full: BarBatch[] = [];

  /**
   * @param detail what bits 5 and up of word 3 hold for the kind; see BarBatch
   * @param durationUs Infinity for a bar that has no end yet
   */
  add(lane: number, kind: number, startUs: number, durationUs: number, detail = 0, pass = NO_PASS): void {
    // Words hold no negative numbers: a bar that began before the first of the batch, or much later, begins another one.
    if (this.#length > 0 && (startUs < this.#baseUs || startUs - this.#baseUs > REACH_US)) this.#seal();
    if (this.#length === 0) this.#baseUs = startUs - LOOK_BACK_US;
    if (this.#length + WORDS_PER_BAR > this.#words.length)
      this.#words = lengthened(this.#words, this.#words.length * 2);
    const at = this.#length;
    this.#words[at] = startUs - this.#baseUs;
    this.#words[at + 1] = this.#durationWord(durationUs);
    this.#words[at + 2] = lane;
    this.#words[at + 3] = (Math.min(detail, MAX_DETAIL) << DETAIL_SHIFT) | kind;
    this.#words[at + 4] = pass;
    this.#length += WORDS_PER_BAR;
  }

  /** Everything since the last call; it belongs to the caller. */
  take(): BarBatch[] {
    this.#seal();
    return this.#full.splice(0);
  }

  #durationWord(durationUs: number): number {
    if (durationUs < LONG) return durationUs;
    if (durationUs === Infinity) return OPEN;
    this.#longUs.push(durationUs);
    return LONG + this.#longUs.length - 1;
  }

  #seal(): void {
    if (this.#length === 0) return;
    this.#full.push({ baseUs: this.#baseUs, words: this.#words.slice(0, this.#length), longUs: this.#longUs });
    this.#longUs = [];
    this.#length = 0;
  }
}

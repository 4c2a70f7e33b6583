import { DETAIL_SHIFT, FIRST_OF_PASS, MAX_DETAIL, OPEN, WORDS_PER_BAR, type BarBatch } from './bars.ts';

/** No bar lasts longer than this; a longer one is written as several. */
const LONGEST_US = OPEN - 1;

/** Bars come in the order of their ends; this much before the first one's start is still in reach of its batch. */
const LOOK_BACK_US = 600_000_000;

/** Collects bars and hands them over as batches. */
export class BarWriter {
  #words = new Uint32Array(1024);
  #length = 0;
  #baseUs = 0;
  readonly #full: BarBatch[] = [];

  /** @param detail what bits 6 and up hold for the kind; see BarBatch */
  add(lane: number, kind: number, startUs: number, durationUs: number, detail: number, first = false): void {
    let fromUs = startUs;
    let leftUs = durationUs;
    while (leftUs > LONGEST_US) {
      this.#put(lane, kind, fromUs, LONGEST_US, detail, false);
      fromUs += LONGEST_US;
      leftUs -= LONGEST_US;
    }
    this.#put(lane, kind, fromUs, leftUs, detail, first);
  }

  /** A bar that lasts until a later one of its lane and track is added. */
  addOpen(lane: number, kind: number, startUs: number, detail = 0): void {
    this.#put(lane, kind, startUs, OPEN, detail, false);
  }

  /** Everything since the last call; it belongs to the caller. */
  take(): BarBatch[] {
    this.#seal();
    return this.#full.splice(0);
  }

  #put(lane: number, kind: number, startUs: number, durationUs: number, detail: number, first: boolean): void {
    if (this.#length === 0) this.#baseUs = startUs - LOOK_BACK_US;
    // Words hold no negative numbers: a bar that began before the first of the batch, or much later, begins another one.
    else if (startUs < this.#baseUs || startUs - this.#baseUs > LONGEST_US) {
      this.#seal();
      this.#baseUs = startUs - LOOK_BACK_US;
    }
    if (this.#length === this.#words.length) {
      const longer = new Uint32Array(this.#words.length * 2);
      longer.set(this.#words);
      this.#words = longer;
    }
    const at = this.#length;
    this.#words[at] = startUs - this.#baseUs;
    this.#words[at + 1] = durationUs;
    this.#words[at + 2] = lane;
    this.#words[at + 3] = (Math.min(detail, MAX_DETAIL) << DETAIL_SHIFT) | (first ? FIRST_OF_PASS : 0) | kind;
    this.#length += WORDS_PER_BAR;
  }

  #seal(): void {
    if (this.#length === 0) return;
    this.#full.push({ baseUs: this.#baseUs, words: this.#words.slice(0, this.#length) });
    this.#length = 0;
  }
}

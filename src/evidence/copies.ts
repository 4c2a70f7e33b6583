import type { LogRecord } from './log-record.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** Lines of a file that are remembered: nobody pastes more, and no collector sends more of them again. */
const REMEMBERED = 500_000;

/**
 * Finds lines that another file has as well, or another part of the same file: where a log is given or pasted twice, where two
 * overlap, where a collector has sent some again. A part ends where the times go back. A line may also come several times in
 * one part and second: as often as the part that has it most often, it counts.
 */
export class Copies {
  /** Of the lines of a first part, until a second one comes; the newest take the places of the oldest. */
  #keys: Float64Array | undefined;
  #count = 0;
  readonly #areSeveral: boolean;
  #before = new Map<number, number>();
  #here = new Map<number, number>();
  #second = Number.NEGATIVE_INFINITY;
  #isFirstPart = true;
  #inFile = 0;
  #inOthers = 0;

  /** @param areSeveral whether other files follow, which may have any line of the first one */
  constructor(areSeveral: boolean) {
    this.#areSeveral = areSeveral;
    this.#keys = areSeveral ? undefined : new Float64Array(0);
  }

  isCopy(record: LogRecord): boolean {
    const second = Math.floor(record.at.us / 1e6);
    if (second < this.#second) {
      this.#isFirstPart = false;
      this.#beginPart();
    }
    this.#second = second;
    const key = keyOf(record, second);
    if (this.#keys !== undefined) {
      this.#remember(key);
      return false;
    }
    const times = (this.#here.get(key) ?? 0) + 1;
    this.#here.set(key, times);
    const isCopy = times <= (this.#before.get(key) ?? 0);
    if (isCopy && this.#isFirstPart) this.#inOthers++;
    else if (isCopy) this.#inFile++;
    else if (!this.#areSeveral && this.#here.size >= REMEMBERED) {
      this.#before = this.#here;
      this.#here = new Map();
    }
    return isCopy;
  }

  /** @returns how many lines of the file were in it before, or in the files before it */
  endFile(): { readonly inFile: number; readonly inOthers: number } {
    const found = { inFile: this.#inFile, inOthers: this.#inOthers };
    if (this.#areSeveral) this.#beginPart();
    this.#second = Number.NEGATIVE_INFINITY;
    this.#isFirstPart = true;
    this.#inFile = this.#inOthers = 0;
    return found;
  }

  #remember(key: number): void {
    let keys = this.#keys as Float64Array;
    if (this.#count === keys.length && keys.length < REMEMBERED) {
      const larger = new Float64Array(Math.min(REMEMBERED, Math.max(1024, keys.length * 2)));
      larger.set(keys);
      keys = this.#keys = larger;
    }
    keys[this.#count++ % keys.length] = key;
  }

  #beginPart(): void {
    if (this.#keys !== undefined) {
      for (const key of this.#keys.subarray(0, this.#count)) this.#before.set(key, (this.#before.get(key) ?? 0) + 1);
      this.#keys = undefined;
    }
    for (const [key, times] of this.#here) this.#before.set(key, Math.max(times, this.#before.get(key) ?? 0));
    this.#here = new Map();
  }
}

/** The fields begin with version and kind, which tell few lines apart. */
const SAME = 32;

/** 52 bits: two lines of a million that differ have the same with a chance of one in ten thousand. */
function keyOf({ message, fields }: LogRecord, second: number): number {
  let [low, high] = [OFFSET ^ second, OFFSET ^ fields.length ^ (message.length << 16)];
  // Messages are few: each fourth letter tells them apart.
  for (let index = 0; index < message.length; index += 4) low = Math.imul(low ^ message.charCodeAt(index), PRIME);
  // Two lanes, as a multiplication waits for the one before.
  let index = fields.length > 2 * SAME ? SAME : 0;
  for (const last = fields.length - 1; index < last; index += 2) {
    low = Math.imul(low ^ fields.charCodeAt(index), PRIME);
    high = Math.imul(high ^ fields.charCodeAt(index + 1), PRIME);
  }
  if (index < fields.length) high = Math.imul(high ^ fields.charCodeAt(index), PRIME);
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}

import type { LogRecord } from './log-record.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Finds lines that another file has as well, as where somebody gives a log twice, or two that overlap. A line may also come
 * several times in one file and second: as often as the file that has it most often, it counts.
 */
export class Repeats {
  readonly #before = new Map<number, number>();
  #here = new Map<number, number>();
  #repeated = 0;

  isRepeated(record: LogRecord): boolean {
    const key = keyOf(record);
    const times = (this.#here.get(key) ?? 0) + 1;
    this.#here.set(key, times);
    if (times > (this.#before.get(key) ?? 0)) return false;
    this.#repeated++;
    return true;
  }

  /** @returns how many lines of the file were in those before it */
  endFile(): number {
    for (const [key, times] of this.#here) this.#before.set(key, Math.max(times, this.#before.get(key) ?? 0));
    const repeated = this.#repeated;
    this.#here = new Map();
    this.#repeated = 0;
    return repeated;
  }
}

/** 52 bits: two lines of a million that differ have the same with a chance of one in ten thousand. */
function keyOf({ at, level, logger, message, fields }: LogRecord): number {
  const text = `${Math.floor(at.us / 1e6)} ${level} ${logger} ${message} ${fields}`;
  let [low, high] = [OFFSET, OFFSET ^ text.length];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, PRIME);
    high = Math.imul(high ^ (code + index), PRIME);
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}

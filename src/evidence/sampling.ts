import type { LogRecord } from './log-record.ts';

const SECOND_US = 1e6;
/** zap writes this many equal messages of a second, then one of as many. */
const STEP = 100;

export interface Sampled {
  /** The line before which some are missing. */
  readonly line: number;
  readonly message: string;
  /** How many lines are missing before it. */
  missing: number;
}

/**
 * Finds lines that were never written: with JSON, controller-runtime's logger writes the first hundred equal messages of
 * a second and then every hundredth. Lines that are missing say nothing about how long something took.
 */
export class SamplingWatch {
  missing = 0;
  /** The first places where some are missing, one a message and second. */
  readonly places: Sampled[] = [];
  readonly #counts = new Map<string, { second: number; count: number; number: number; place: Sampled | undefined }>();

  see(record: LogRecord, line: number): void {
    const key = `${record.level} ${record.message}`;
    const second = Math.floor(record.at.us / SECOND_US);
    const number = trailingNumber(record.fields);
    const seen = this.#counts.get(key);
    if (seen === undefined || seen.second !== second) {
      this.#counts.set(key, { second, count: 1, number, place: undefined });
      return;
    }
    seen.count++;
    // Of objects that are numbered in order, the numbers tell it too, also where the log begins in the middle.
    const isJump = number - seen.number === STEP && number % STEP === 0;
    seen.number = number;
    if (seen.count <= STEP && !isJump) return;
    this.missing += STEP - 1;
    if (seen.place !== undefined) {
      seen.place.missing += STEP - 1;
      return;
    }
    seen.place = { line, message: record.message, missing: STEP - 1 };
    if (this.places.length < STEP) this.places.push(seen.place);
  }
}

function trailingNumber(fields: string): number {
  const match = /"name":\s*"[^"]*?(\d+)"/.exec(fields);
  return match === null ? Number.NaN : Number(match[1]);
}

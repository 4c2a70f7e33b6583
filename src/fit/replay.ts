import { READ_FACTOR, WRITE_FACTOR } from '../kubernetes/embedded/embedded-cluster.ts';
import type { ClientLine } from './client-lines.ts';

/** What decides how long a worker waits. */
export interface Pace {
  readonly qps: number;
  readonly burst: number;
  readonly apiLatencyUs: number;
  readonly jitLatencyUs: number;
  /** How long after its stamp the first line was written. */
  readonly phaseUs: number;
  /** For how long from the first stamp the API server is busy with the creation of the runners. */
  readonly busyUs: number;
}

/** A request to a server that is busy with creations waits for this many others (40 ms where others take 4, measured). */
const OTHERS = 9;

const BUCKETS = ['secrets', 'ephemeralrunners', 'pods'];

/**
 * Goes through the lines of a burst in the order in which they were written, and says of each when it should have come after
 * the one before it: by the token bucket of the client, what requests take and the lock on JIT calls. Which runner had its
 * turn when, which a simulation could only guess, is taken from the log.
 */
export class Replay {
  /** By how many microseconds each line was expected later than it can have been written; NaN where nothing is expected. */
  readonly residuals: Float64Array;
  readonly isJit: Uint8Array;
  readonly #hasLock: boolean;
  readonly #stamps: Float64Array;
  readonly #within: Float64Array;
  readonly #from: Int32Array;
  readonly #isGuessed: Uint8Array;
  readonly #isFirst: Uint8Array;
  readonly #bucket: Int8Array;
  readonly #factor: Float64Array;
  /** Of the requests that are sent after a line the first one, and of each the next: by the line that follows it. */
  readonly #firstSent: Int32Array;
  readonly #nextSent: Int32Array;
  readonly #times: Float64Array;
  readonly #granted: Float64Array;

  /** @param hasLock whether JIT calls are made one at a time */
  constructor(lines: readonly ClientLine[], hasLock: boolean) {
    const startUs = lines[0]?.us ?? 0;
    this.#hasLock = hasLock;
    this.#stamps = Float64Array.from(lines, ({ us }) => us - startUs);
    this.#within = Float64Array.from(lines, ({ withinUs }) => withinUs);
    this.#from = Int32Array.from(lines, ({ from }) => from);
    this.#isGuessed = Uint8Array.from(lines, ({ isGuessed }) => Number(isGuessed));
    this.#isFirst = Uint8Array.from(lines, ({ isFirst }) => Number(isFirst));
    this.isJit = Uint8Array.from(lines, ({ wait }) => Number(wait === 'jit'));
    this.#bucket = Int8Array.from(lines, ({ wait }) => BUCKETS.indexOf(wait === 'jit' ? 'secrets' : wait));
    this.#factor = Float64Array.from(lines, ({ isRead }) => (isRead ? READ_FACTOR : WRITE_FACTOR));
    this.residuals = new Float64Array(lines.length);
    this.#times = new Float64Array(lines.length);
    this.#granted = new Float64Array(lines.length);
    this.#firstSent = new Int32Array(lines.length).fill(-1);
    this.#nextSent = new Int32Array(lines.length).fill(-1);
    for (let line = lines.length - 1; line >= 0; line--) {
      const from = this.#from[line] as number;
      if (from < 0 || (this.#bucket[line] as number) < 0) continue;
      this.#nextSent[line] = this.#firstSent[from] as number;
      this.#firstSent[from] = line;
    }
  }

  /** Fills `residuals`. */
  run({ qps, burst, apiLatencyUs, jitLatencyUs, phaseUs, busyUs }: Pace): void {
    const tokenUs = 1e6 / qps;
    const fullUs = burst * tokenUs;
    /** When each bucket would have had its last token, had it never been full. */
    const emptyUs = BUCKETS.map(() => Number.NEGATIVE_INFINITY);
    const take = (bucket: number, us: number): number =>
      (emptyUs[bucket] = Math.max(emptyUs[bucket] as number, us - fullUs) + tokenUs);
    let lockFreeUs = Number.NEGATIVE_INFINITY;
    let nowUs = phaseUs;
    for (let line = 0; line < this.#times.length; line++) {
      const stamp = this.#stamps[line] as number;
      const within = this.#within[line] as number;
      const from = this.#from[line] as number;
      const bucket = this.#bucket[line] as number;
      // A coarse clock leaves it to the order of the lines when one was written.
      const low = within === 0 ? stamp : Math.max(nowUs, stamp);
      const high = Math.max(low, stamp + within);
      let us = low;
      let residual = Number.NaN;
      if (from < 0) {
        if (bucket >= 0) take(bucket, us);
      } else if (bucket >= 0) {
        const isJit = this.isJit[line] === 1;
        const sentUs = this.#granted[line] as number;
        let expected = sentUs + apiLatencyUs * (this.#factor[line] as number);
        if (sentUs < busyUs) expected += OTHERS * apiLatencyUs;
        if (isJit) expected = (this.#hasLock ? Math.max(expected, lockFreeUs) : expected) + jitLatencyUs;
        us = Math.max(low, Math.min(high, expected));
        residual = expected - us;
        // Its pass may have begun later.
        if (residual < 0 && this.#isGuessed[line] === 1) residual = Number.NaN;
        if (isJit) lockFreeUs = us;
      } else if (this.#isFirst[line] === 0) {
        us = Math.max(low, Math.min(high, this.#times[from] as number));
      }
      this.#times[line] = us;
      this.residuals[line] = residual;
      nowUs = Math.max(nowUs, us);
      for (let sent = this.#firstSent[line] as number; sent >= 0; sent = this.#nextSent[sent] as number) {
        this.#granted[sent] = Math.max(us, take(this.#bucket[sent] as number, us));
      }
    }
  }
}

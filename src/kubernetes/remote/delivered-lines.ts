/** A line as kubelet stamps it: RFC 3339, in nanoseconds, in the node's zone. */
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d) /;

/**
 * Tells what of a log is new when it is read again from the second on in which the last line came. A stream that broke is
 * taken up so: kubelet's `sinceTime` knows whole seconds.
 */
export class DeliveredLines {
  /** Whole second of the newest line, in milliseconds since 1970; undefined before the first line. */
  #secondMs: number | undefined;
  /** Lines of that second and later ones, and how often each came. */
  #lines = new Map<string, number>();
  /** Those that have to come again, where the log is read again; undefined once nothing that comes can be old. */
  #again: Map<string, number> | undefined;
  #hasBegun = false;

  /** From when on the log has to be read to miss nothing: RFC 3339. */
  get since(): string | undefined {
    return this.#secondMs === undefined ? undefined : new Date(this.#secondMs).toISOString().replace('.000', '');
  }

  /** The same log is read again. */
  readAgain(): void {
    this.#again = this.#lines.size === 0 ? undefined : new Map(this.#lines);
    this.#hasBegun = false;
  }

  /** Another log follows, which has nothing of what was delivered. */
  readOther(): void {
    this.#again = undefined;
  }

  /**
   * @returns `again` for a line that was delivered before; `after a hole` for the first new one where those that were
   *   delivered last are not in the log any more
   */
  take(line: string): 'first' | 'again' | 'after a hole' {
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const left = this.#again?.get(line) ?? 0;
    if (left > 0) {
      this.#again?.set(line, left - 1);
      return 'again';
    }
    const isHole = isFirst && this.#again !== undefined;
    if (isHole) this.#again = undefined;
    this.#keep(line);
    return isHole ? 'after a hole' : 'first';
  }

  #keep(line: string): void {
    const stamp = STAMP.exec(line);
    if (stamp === null) return;
    const ms = Date.parse(`${stamp[1]}${stamp[2]}`);
    if (Number.isNaN(ms)) return;
    if (this.#secondMs === undefined || ms > this.#secondMs) {
      this.#secondMs = ms;
      this.#lines = new Map();
    }
    this.#lines.set(line, (this.#lines.get(line) ?? 0) + 1);
  }
}

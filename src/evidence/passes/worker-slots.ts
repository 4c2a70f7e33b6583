/** A pass that holds a worker, as far as the log has shown. */
export interface Holder {
  /** When its last line came. */
  readonly lastUs: number;
  /** Whether it may have ended with its last line, in which no request begins. */
  readonly mayHaveEnded: boolean;
  /** Whether it waits for an answer for certain. */
  readonly isAsking: boolean;
}

interface Slot<T extends Holder> {
  freeUs: number;
  held: T | undefined;
}

/** A pass that says nothing for this long, and has no request in flight, has ended. */
const SILENT_US = 100e3;

/**
 * Which worker takes a pass, by elimination: no line names one, but no more passes run at once than there are workers. With
 * several free ones it is the one that has been free the longest, as each waits its turn.
 */
export class WorkerSlots<T extends Holder> {
  readonly #slots: Slot<T>[] = [];
  readonly #endPass: (pass: T) => void;

  /** @param endPass is called for a pass that must have ended, as its worker is needed for another */
  constructor(endPass: (pass: T) => void) {
    this.#endPass = endPass;
  }

  /** A controller starts: all of its workers are free. */
  start(workers: number, atUs: number): void {
    for (const { held } of this.#slots) if (held !== undefined) this.#endPass(held);
    this.#slots.length = 0;
    for (let number = 0; number < Math.min(workers, 10_000); number++)
      this.#slots.push({ freeUs: atUs, held: undefined });
  }

  /** @returns the worker and since when it was free; undefined where the log does not tell how many there are, or more are at work */
  take(pass: T, atUs: number): { readonly worker: number; readonly freeUs: number } | undefined {
    let [worker, bestUs] = [-1, Number.POSITIVE_INFINITY];
    for (const [number, { held, freeUs }] of this.#slots.entries()) {
      const sinceUs =
        held === undefined ? freeUs : held.mayHaveEnded && atUs - held.lastUs >= SILENT_US ? held.lastUs : NaN;
      if (sinceUs < bestUs) [worker, bestUs] = [number, sinceUs];
    }
    if (worker < 0) worker = this.#oldest(({ mayHaveEnded }) => mayHaveEnded);
    if (worker < 0) worker = this.#oldest(({ isAsking }) => !isAsking);
    const slot = this.#slots[worker];
    if (slot === undefined) return undefined;
    if (slot.held !== undefined) {
      const { held } = slot;
      slot.freeUs = held.lastUs;
      slot.held = undefined;
      this.#endPass(held);
    }
    slot.held = pass;
    return { worker, freeUs: slot.freeUs };
  }

  release(worker: number | undefined, pass: T, atUs: number): void {
    const slot = this.#slots[worker ?? -1];
    if (slot?.held !== pass) return;
    slot.held = undefined;
    slot.freeUs = atUs;
  }

  #oldest(mayBe: (held: T) => boolean): number {
    let [worker, oldestUs] = [-1, Number.POSITIVE_INFINITY];
    for (const [number, { held }] of this.#slots.entries()) {
      if (held !== undefined && mayBe(held) && held.lastUs < oldestUs) [worker, oldestUs] = [number, held.lastUs];
    }
    return worker;
  }
}

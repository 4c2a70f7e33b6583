/** When runners got their first pods. A pod that takes the place of another is counted, and changes no time but the last of all. */
export class PodTimes {
  readonly #firstUs = new Map<number, number>();
  #count = 0;
  #lastMadeUs = -Infinity;
  #figures: PodFigures | undefined;

  /** How many pods there were in all. */
  get count(): number {
    return this.#count;
  }

  /** @param runner any number that stands for it */
  add(runner: number, atUs: number): void {
    this.#count++;
    if (atUs > this.#lastMadeUs) this.#lastMadeUs = atUs;
    this.#figures = undefined;
    if (!(atUs >= (this.#firstUs.get(runner) ?? Infinity))) this.#firstUs.set(runner, atUs);
  }

  /** When the last of all was made; undefined before the first. */
  get lastMadeUs(): number | undefined {
    return this.#lastMadeUs === -Infinity ? undefined : this.#lastMadeUs;
  }

  /** Each runner's first, in order. */
  firstOfRunners(): number[] {
    return [...this.#firstUs.values()].sort((a, b) => a - b);
  }

  /** Undefined before the first pod. */
  get figures(): PodFigures | undefined {
    this.#figures ??= figuresOf(this.firstOfRunners(), this.#count, this.#lastMadeUs);
    return this.#figures;
  }
}

/** Pods of a run. For the first, the median and the last each runner's first pod alone counts: one in place of another says nothing of how fast pods are made. */
export interface PodFigures {
  /** How many were made. */
  readonly count: number;
  readonly firstUs: number;
  readonly medianUs: number;
  readonly lastUs: number;
  /** When the last of all was made. */
  readonly lastMadeUs: number;
}

function figuresOf(firsts: readonly number[], count: number, lastMadeUs: number): PodFigures | undefined {
  const [firstUs, medianUs, lastUs] = [firsts[0], firsts[Math.floor(firsts.length / 2)], firsts.at(-1)];
  if (firstUs === undefined || medianUs === undefined || lastUs === undefined) return undefined;
  return { count, firstUs, medianUs, lastUs, lastMadeUs };
}

/** When runners got their first pods. A pod that takes the place of another is counted, and changes no time. */
export class PodTimes {
  readonly #firstUs = new Map<number, number>();
  #count = 0;
  #figures: PodFigures | undefined;

  /** How many pods there were in all. */
  get count(): number {
    return this.#count;
  }

  /** @param runner any number that stands for it */
  add(runner: number, atUs: number): void {
    this.#count++;
    this.#figures = undefined;
    if (!(atUs >= (this.#firstUs.get(runner) ?? Infinity))) this.#firstUs.set(runner, atUs);
  }

  /** Each runner's first, in order. */
  firstOfRunners(): number[] {
    return [...this.#firstUs.values()].sort((a, b) => a - b);
  }

  /** Undefined before the first pod. */
  get figures(): PodFigures | undefined {
    this.#figures ??= figuresOf(this.firstOfRunners(), this.#count);
    return this.#figures;
  }
}

/** Pods of a run. Times are those of the trace, each runner's first pod alone counts for them. */
export interface PodFigures {
  /** How many were made. */
  readonly count: number;
  readonly firstUs: number;
  readonly medianUs: number;
  readonly lastUs: number;
}

function figuresOf(firsts: readonly number[], count: number): PodFigures | undefined {
  const [firstUs, medianUs, lastUs] = [firsts[0], firsts[Math.floor(firsts.length / 2)], firsts.at(-1)];
  if (firstUs === undefined || medianUs === undefined || lastUs === undefined) return undefined;
  return { count, firstUs, medianUs, lastUs };
}

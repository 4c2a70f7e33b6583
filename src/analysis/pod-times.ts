/** The pods of one runner. */
interface OfRunner {
  /** By answers to requests. */
  made: number;
  firstMadeUs: number;
  /** By what was seen of the runner: each may be one of those that were made. */
  seen: number;
  firstSeenUs: number;
}

/**
 * When runners got their first pods. A pod that takes the place of another is counted, and changes no time but the last of
 * all. A pod may be known by the answer to the request that made it, by the runner being seen with it, or by both: it counts once.
 */
export class PodTimes {
  readonly #runners = new Map<number, OfRunner>();
  #count = 0;
  #lastMadeUs = -Infinity;
  #figures: PodFigures | undefined;

  /** How many pods there were in all. */
  get count(): number {
    return this.#count;
  }

  /**
   * An answer says that a pod was made.
   * @param runner any number that stands for it
   * @returns whether the pod was not known before
   */
  made(runner: number, atUs: number): boolean {
    const of = this.#of(runner);
    of.made++;
    if (!(atUs >= of.firstMadeUs)) of.firstMadeUs = atUs;
    return this.#add(of.made > of.seen, atUs);
  }

  /** The same of a runner that is seen with a new pod. */
  seen(runner: number, atUs: number): boolean {
    const of = this.#of(runner);
    of.seen++;
    if (!(atUs >= of.firstSeenUs)) of.firstSeenUs = atUs;
    return this.#add(of.seen > of.made, atUs);
  }

  #of(runner: number): OfRunner {
    let of = this.#runners.get(runner);
    if (of === undefined) {
      this.#runners.set(runner, (of = { made: 0, firstMadeUs: Infinity, seen: 0, firstSeenUs: Infinity }));
    }
    return of;
  }

  #add(isNew: boolean, atUs: number): boolean {
    this.#figures = undefined;
    if (isNew) this.#count++;
    if (atUs > this.#lastMadeUs) this.#lastMadeUs = atUs;
    return isNew;
  }

  /** When the last of all was made; undefined before the first. */
  get lastMadeUs(): number | undefined {
    return this.#lastMadeUs === -Infinity ? undefined : this.#lastMadeUs;
  }

  /** Each runner's first, in order. */
  firstOfRunners(): number[] {
    // The answer is when it was made; where not all of them are known, the first may have been made without one.
    return [...this.#runners.values()]
      .map(({ made, firstMadeUs, seen, firstSeenUs }) =>
        made >= seen ? firstMadeUs : Math.min(firstMadeUs, firstSeenUs),
      )
      .sort((a, b) => a - b);
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

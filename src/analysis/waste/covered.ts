import { firstThat } from '../../base/first-that.ts';
/** Stretches of time as one set: how much of another stretch lies in it. */
export class Covered {
  readonly #froms: number[] = [];
  readonly #tos: number[] = [];
  /** What lies in the stretches before each. */
  readonly #before: number[] = [];

  /** @param spans in any order; they may overlap */
  constructor(spans: readonly (readonly [fromUs: number, toUs: number])[]) {
    let sum = 0;
    for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
      const last = this.#tos.length - 1;
      if (last >= 0 && from <= (this.#tos[last] as number)) {
        const grown = Math.max(this.#tos[last] as number, to);
        sum += grown - (this.#tos[last] as number);
        this.#tos[last] = grown;
        continue;
      }
      this.#froms.push(from);
      this.#tos.push(to);
      this.#before.push(sum);
      sum += to - from;
    }
  }

  usWithin(fromUs: number, toUs: number): number {
    return Math.max(0, this.#until(toUs) - this.#until(fromUs));
  }

  /** How much of the set lies before a time. */
  #until(us: number): number {
    const next = firstThat(this.#froms.length, (place) => (this.#froms[place] as number) >= us);
    if (next === 0) return 0;
    const [from, to] = [this.#froms[next - 1] as number, this.#tos[next - 1] as number];
    return (this.#before[next - 1] as number) + Math.min(us, to) - from;
  }
}

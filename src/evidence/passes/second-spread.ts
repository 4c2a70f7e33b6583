import { WHOLE_SECOND_US } from '../moment.ts';

interface Timed {
  readonly us: number;
  /** How coarse its clock is, in microseconds. */
  readonly withinUs: number;
}

/**
 * Gives lines of a clock of whole seconds times within their second, evenly and in their order, so that what happens in one
 * second can be drawn. Lines of finer clocks keep theirs.
 */
export class SecondSpread<T extends Timed> {
  #lines: T[] = [];
  readonly #give: (line: T, us: number) => void;

  constructor(give: (line: T, us: number) => void) {
    this.#give = give;
  }

  take(line: T): void {
    if (line.us !== this.#lines[0]?.us) this.end();
    if (line.withinUs < WHOLE_SECOND_US) this.#give(line, line.us);
    else this.#lines.push(line);
  }

  end(): void {
    const lines = this.#lines.splice(0);
    for (const [index, line] of lines.entries()) {
      this.#give(line, line.us + Math.floor(((index + 0.5) * 1e6) / lines.length));
    }
  }
}

import type { TraceLog } from '../../trace/trace-log.ts';

export type WasteKind =
  | 'calls ahead'
  | 'needless removals'
  | 'late decisions'
  | 'self-waking writes'
  | 'idle passes'
  | 'busy workers'
  | 'held requests'
  | 'idle grace';

/** Where a waste can be seen. */
export interface WastePlace {
  readonly atUs: number;
  /** Name of what it happened to, namespace/name. */
  readonly object: string;
  /** Number of the pass, where it was in one. */
  readonly pass: number | undefined;
}

/** Work that could have been left out, done later or done at the same time, of one kind in one trace. */
export interface Waste {
  readonly kind: WasteKind;
  readonly times: number;
  /** How often it could have happened: messages, passes or runners, as its rule says. */
  readonly of: number;
  /** The time it took in all, in microseconds. */
  readonly us: number;
  /** Where it took longest. */
  readonly worst: WastePlace;
}

/** @returns undefined where there is none, or too little to be worth a word */
export type WasteRule = (log: TraceLog) => Waste | undefined;

/** Adds up what a rule finds. */
export class WasteSum {
  of = 0;
  #times = 0;
  #us = 0;
  #worstUs = -1;
  #worst: WastePlace | undefined;
  readonly #kind: WasteKind;

  constructor(kind: WasteKind) {
    this.#kind = kind;
  }

  get us(): number {
    return this.#us;
  }

  add(us: number, worst: WastePlace): void {
    this.#times++;
    this.#us += us;
    if (us > this.#worstUs) [this.#worst, this.#worstUs] = [worst, us];
  }

  /** @param leastUs below this in all it is not worth a word */
  waste(leastUs = 0): Waste | undefined {
    if (this.#worst === undefined || this.#us < leastUs) return undefined;
    return { kind: this.#kind, times: this.#times, of: this.of, us: this.#us, worst: this.#worst };
  }
}

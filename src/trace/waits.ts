import { Column, type ColumnParts } from './columns.ts';

/** What an object waits for while no pass of a controller has served it; texts by their numbers, NaN for what is not known. */
export interface Wait {
  readonly object: number;
  readonly controller: number;
  readonly id: number;
  readonly trigger: number;
  readonly queuedUs: number;
  readonly readyUs: number;
  readonly basis: number;
}

export interface WaitsParts {
  readonly waits: ReadonlyMap<number, Wait>;
  readonly changes: ColumnParts;
}

/**
 * One number for a controller and an object: each pair has at most one wait and, in our own runs, one pass. It nearly
 * always fits 31 bits, with which maps and columns are fastest.
 */
export function keyOf(object: number, controller: number): number {
  const of = Number.isNaN(controller) ? 0 : controller;
  return of < 2 ** 7 && object < 2 ** 24 ? of * 2 ** 24 + object : (of + 1) * 2 ** 32 + object;
}

/** The waits that no pass has served, by key. */
export class Waits {
  #waits = new Map<number, Wait>();
  /** Keys in the order in which they began to wait, or to wait for something else. */
  readonly #changes = new Column(Int32Array);

  /** How often something began to wait, or to wait for something else. */
  get changes(): number {
    return this.#changes.length;
  }

  /** The key of a change. */
  change(index: number): number {
    return this.#changes.get(index);
  }

  begin(wait: Wait): void {
    const key = keyOf(wait.object, wait.controller);
    this.#waits.set(key, wait);
    this.#changes.push(key);
  }

  end(key: number): void {
    this.#waits.delete(key);
  }

  get(key: number): Wait | undefined {
    return this.#waits.get(key);
  }

  keys(): Iterable<number> {
    return this.#waits.keys();
  }

  all(): Iterable<Wait> {
    return this.#waits.values();
  }

  parts(): WaitsParts {
    return { waits: this.#waits, changes: this.#changes.parts() };
  }

  take({ waits, changes }: WaitsParts): void {
    this.#waits = new Map(waits);
    this.#changes.take(changes);
  }
}

import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import type { Manager } from '../runtime/manager.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Outcome, PassInProgress } from '../runtime/pass.ts';
import type { Trigger } from '../runtime/work-queue.ts';

/** What a pass found in the caches when it began, and what was in them when it had ended. */
export interface PassManifests {
  /** The pass's runner. */
  readonly key: string;
  readonly trigger: Trigger;
  readonly result: Outcome['kind'];
  readonly endedUs: number;
  readonly before: CachedState;
  readonly after: CachedState;
}

export interface CachedState {
  readonly runner: EphemeralRunner | undefined;
  readonly pod: Pod | undefined;
}

/** Passes are kept up to this many; the caches' objects are shared, so that a pass costs a few words. */
const KEPT = 20_000;

/** Remembers the objects of recent passes by the number of the pass, in the order in which passes began. */
export class ManifestHistory implements PassObserver {
  readonly #manager: () => Manager;
  /** By worker. */
  readonly #begun = new Map<number, { readonly number: number; readonly before: CachedState }>();
  readonly #passes = new Map<number, PassManifests>();
  #started = 0;

  constructor(manager: () => Manager) {
    this.#manager = manager;
  }

  get(pass: number): PassManifests | undefined {
    return this.#passes.get(pass);
  }

  /** The runner's passes that are remembered, by number, in order. */
  passesOf(runner: string): (readonly [number: number, pass: PassManifests])[] {
    return [...this.#passes].filter(([, { key }]) => key === runner);
  }

  passStarted({ key, worker }: PassInProgress): void {
    this.#begun.set(worker, { number: this.#started++, before: this.#state(key) });
  }

  passEnded({ key, worker, trigger }: PassInProgress, outcome: Outcome, endedUs: number): void {
    const begun = this.#begun.get(worker);
    if (begun === undefined) return;
    const { number, before } = begun;
    this.#passes.set(number, { key, trigger, result: outcome.kind, endedUs, before, after: this.#state(key) });
    for (const oldest of this.#passes.keys()) {
      if (this.#passes.size <= KEPT) break;
      this.#passes.delete(oldest);
    }
  }

  phaseStarted(): void {
    // Only the ends of passes matter.
  }

  requestEnded(): void {
    // Only the ends of passes matter.
  }

  logged(): void {
    // Only the ends of passes matter.
  }

  #state(key: string): CachedState {
    const { primary, owned } = this.#manager();
    return { runner: primary.get(key) as EphemeralRunner | undefined, pod: owned.get(key) as Pod | undefined };
  }
}

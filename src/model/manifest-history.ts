import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import type { Caches } from '../runtime/caches.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Outcome, PassRecord } from '../runtime/pass-record.ts';
import type { Trigger } from '../runtime/queued-item.ts';

/** What a pass found in the caches when it began, and what was in them when it had ended. */
interface PassManifests {
  /** The pass's runner. */
  readonly key: string;
  readonly trigger: Trigger;
  readonly result: Outcome['kind'];
  readonly endedUs: number;
  readonly before: CachedState;
  readonly after: CachedState;
}

interface CachedState {
  readonly runner: EphemeralRunner | undefined;
  readonly pod: Pod | undefined;
}

/** Passes are kept up to this many; the caches' objects are shared, so that a pass costs a few words. */
const KEPT = 20_000;

/** Remembers the objects of recent passes. */
export class ManifestHistory implements PassObserver {
  readonly #caches: () => Caches;
  readonly #before = new WeakMap<PassRecord, CachedState>();
  readonly #passes = new Map<number, PassManifests>();

  constructor(caches: () => Caches) {
    this.#caches = caches;
  }

  /** @param pass its id, which is its number in the trace */
  get(pass: number): PassManifests | undefined {
    return this.#passes.get(pass);
  }

  /** The runner's passes that are remembered, by id, in the order in which they ended. */
  passesOf(runner: string): (readonly [number: number, pass: PassManifests])[] {
    return [...this.#passes].filter(([, { key }]) => key === runner);
  }

  passStarted(pass: PassRecord): void {
    this.#before.set(pass, this.#state(pass.key));
  }

  passEnded(pass: PassRecord, outcome: Outcome, endedUs: number): void {
    const before = this.#before.get(pass);
    if (before === undefined) return;
    const { id, key, trigger } = pass;
    this.#passes.set(id, { key, trigger, result: outcome.kind, endedUs, before, after: this.#state(key) });
    for (const oldest of this.#passes.keys()) {
      if (this.#passes.size <= KEPT) break;
      this.#passes.delete(oldest);
    }
  }

  #state(key: string): CachedState {
    const caches = this.#caches();
    return { runner: caches.of(EphemeralRunners).get(key), pod: caches.of(Pods).get(key) };
  }
}

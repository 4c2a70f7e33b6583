import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/events.ts';
import type { EmbeddedLab } from './embedded-lab.ts';
import { loopsOf, type Loop } from './run-end.ts';

const CHECK_EVERY_US = 1_000_000;

export type LoopListener = (loops: readonly Loop[], isForEver: boolean) => void;

/** A clock that knows how much is scheduled besides periodic callbacks. */
export type CountingClock = Clock & { readonly pending: number };

/**
 * Watches a run on the embedded cluster for the time when all that is scheduled is the coming round of keys: no object has
 * changed for `patienceUs`, and each of these keys came round in the same way several times. That is for ever, unless
 * cluster or service will answer differently without anybody doing anything.
 */
export class LoopWatch implements Disposable {
  readonly #clock: CountingClock;
  readonly #lab: EmbeddedLab;
  readonly #patienceUs: number;
  readonly #onLoops: LoopListener;
  readonly #checks: Disposable;
  #version = '';
  #sameSinceUs = 0;

  /** @param onLoops called when only loops are left, and after each further patience for which that is so */
  constructor(clock: CountingClock, lab: EmbeddedLab, patienceUs: number, onLoops: LoopListener) {
    this.#clock = clock;
    this.#lab = lab;
    this.#patienceUs = patienceUs;
    this.#onLoops = onLoops;
    this.#checks = clock.every(CHECK_EVERY_US, () => this.#check());
  }

  dispose(): void {
    this.#checks.dispose();
  }

  /** The loops that waiting keys are in now, whether or not something else is going on. */
  loops(): Loop[] {
    const { queue } = this.#lab.manager.controller;
    return loopsOf(this.#lab.trace, (runner) => queue.stateOf(runner) !== undefined);
  }

  #check(): void {
    const nowUs = this.#clock.nowUs();
    const { resourceVersion } = this.#lab.cluster.api.store;
    if (resourceVersion !== this.#version) {
      this.#version = resourceVersion;
      this.#sameSinceUs = nowUs;
    }
    const { queue } = this.#lab.manager.controller;
    const isNothingElseLeft = this.#clock.pending === queue.timers;
    if (nowUs - this.#sameSinceUs < this.#patienceUs || queue.timers === 0 || !isNothingElseLeft) return;
    this.#sameSinceUs = nowUs;
    const loops = this.loops();
    if (loops.length !== queue.delayedLength) return;
    const { cluster, service } = this.#lab;
    this.#onLoops(loops, service.isSettled && cluster.conditions.faults.length === 0);
  }
}

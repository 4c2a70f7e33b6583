import { messageOf } from '../base/message.ts';
import { done, type Reconcile, type Step } from './effects.ts';
import type { Outcome } from './pass-record.ts';
import { Pass, type Driver } from './pass.ts';

/**
 * Runs a step by itself, outside of any controller: as a pass whose driver performs its effects.
 * @throws whatever the step throws
 */
export function runStep<T>(step: Step<T>, driver: Driver): Promise<T> {
  return new Promise((resolve, reject) => {
    function* reconcile(): Reconcile {
      resolve(yield* step);
      return done;
    }
    const owner = {
      name: 'step',
      driver,
      reconcile,
      passEnded: (_pass: Pass, outcome: Outcome | undefined): void => {
        if (outcome?.kind !== 'error') return;
        const { error } = outcome;
        reject(error instanceof Error ? error : new Error(messageOf(error)));
      },
    };
    const item = { key: '', trigger: 'requeue' as const, queuedUs: 0, readyUs: 0, priority: 0, place: 0 };
    new Pass(owner, 0, 0, item, 1, 0).start();
  });
}

import { messageOf } from '../base/message.ts';
import type { Controllers } from '../runtime/controllers.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Outcome, PassRecord } from '../runtime/pass-record.ts';
import { delayWords } from './queue-wait.ts';
import type { AboveKind } from './scale-sets.ts';

/** Names of the controllers of the kinds above runners. */
const CONTROLLERS: Readonly<Record<AboveKind, string>> = {
  'scale-set': 'autoscalingrunnerset',
  listener: 'autoscalinglistener',
  set: 'ephemeralrunnerset',
};

/** What the passes over objects above runners failed with, for as long as they are to be tried again. */
export class AboveTrouble implements PassObserver {
  readonly #redact: (text: string) => string;
  readonly #errors = new Map<string, string>();

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  passEnded({ controller, key }: PassRecord, outcome: Outcome): void {
    const id = `${controller} ${key}`;
    if (outcome.kind === 'error') this.#errors.set(id, this.#redact(messageOf(outcome.error)));
    else if (this.#errors.size > 0) this.#errors.delete(id);
  }

  /** In words; empty where the last pass did not fail. */
  of(controllers: Controllers, kind: AboveKind, key: string): string {
    const name = CONTROLLERS[kind];
    const error = this.#errors.get(`${name} ${key}`);
    const controller = controllers.all.find((one) => one.name === name);
    if (error === undefined || controller === undefined) return '';
    const state = controller.queue.stateOf(key);
    return state?.kind === 'delayed' ? delayWords(state, controller.failures(key), error) : error;
  }
}

import type { Reconcile, ReconcileEffect } from '../../src/runtime/effects.ts';
import { Pass, type Driver, type PassInProgress, type Reply } from '../../src/runtime/pass.ts';
import type { Outcome, PassRecord } from '../../src/runtime/pass-record.ts';

/**
 * One pass as it went: every effect with its answer. It holds what the pass was told, credentials included, and is
 * therefore kept in memory only.
 */
export interface PassRecording {
  readonly key: string;
  readonly exchanges: readonly Exchange[];
}

export interface Exchange {
  /** The effect in words; two effects with the same words ask for the same. */
  readonly effect: string;
  readonly answer?: unknown;
  readonly error?: unknown;
}

/** A pass that asked for something else than it did when it was recorded. */
export class ReplayMismatch extends Error {
  override readonly name = 'ReplayMismatch';
}

/** Keeps the effects of passes and their answers while another driver does the work. */
export class RecordingDriver implements Driver {
  readonly #inner: Driver;
  readonly #onPass: (recording: PassRecording) => void;
  readonly #exchanges = new WeakMap<PassRecord, Exchange[]>();

  /** @param onPass called when a pass begins; its recording grows as the pass goes on */
  constructor(inner: Driver, onPass: (recording: PassRecording) => void) {
    this.#inner = inner;
    this.#onPass = onPass;
  }

  begin(pass: PassInProgress): void {
    const exchanges: Exchange[] = [];
    this.#exchanges.set(pass, exchanges);
    this.#onPass({ key: pass.key, exchanges });
    this.#inner.begin?.(pass);
  }

  perform(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): void {
    const exchanges = this.#exchanges.get(pass) as Exchange[];
    const words = describeEffect(effect);
    this.#inner.perform(effect, pass, {
      resume: (answer) => {
        exchanges.push({ effect: words, answer });
        reply.resume(answer);
      },
      fail: (error) => {
        exchanges.push({ effect: words, error });
        reply.fail(error);
      },
    });
  }
}

/**
 * Runs a pass again from its recording: nothing is sent, nothing waits.
 * @throws ReplayMismatch when the pass asks for something else, or for more or less
 */
export function replay(recording: PassRecording, reconcile: (key: string) => Reconcile): Outcome {
  let position = 0;
  let outcome: Outcome | undefined;
  const driver: Driver = {
    perform(effect, _pass, reply) {
      const expected = recording.exchanges[position++];
      const asked = describeEffect(effect);
      if (expected?.effect !== asked) {
        throw new ReplayMismatch(
          `step ${position} asked for ${asked} instead of ${expected?.effect ?? 'nothing more'}`,
        );
      }
      if ('error' in expected) reply.fail(expected.error);
      else reply.resume(expected.answer);
    },
  };
  const passEnded = (_pass: Pass, ended: Outcome | undefined): void => void (outcome = ended);
  const item = { key: recording.key, trigger: 'requeue' as const, queuedUs: 0, readyUs: 0, priority: 0, place: 0 };
  new Pass({ name: 'replay', driver, reconcile, passEnded }, 0, 0, item, 1, 0).start();
  if (outcome?.kind === 'error' && outcome.error instanceof ReplayMismatch) throw outcome.error;
  if (outcome === undefined || position !== recording.exchanges.length) {
    throw new ReplayMismatch(`the pass ended after ${position} of ${recording.exchanges.length} steps`);
  }
  return outcome;
}

/** What an effect asks for, in words. */
export function describeEffect(effect: ReconcileEffect): string {
  switch (effect.kind) {
    case 'cached-get':
      return `read ${effect.resource.plural} ${effect.key}`;
    case 'cached-list':
      return `read ${effect.resource.plural} in ${effect.namespace} by ${effect.grouping.name}=${effect.group}`;
    case 'kubernetes': {
      const { verb, resource, subresource, namespace, name, labelSelector, body } = effect.request;
      const what = `${resource.plural}${subresource === '' ? '' : `/${subresource}`} ${namespace}/${name}`;
      return `${verb} ${what} ${labelSelector}${body === undefined ? '' : JSON.stringify(body)}`;
    }
    case 'http':
      return `${effect.request.method} ${effect.request.url} ${effect.request.body ?? ''}`;
    case 'sleep':
      return `sleep ${effect.delayUs} µs`;
    case 'lock':
    case 'unlock':
    case 'keep':
    case 'recall':
      return `${effect.kind} ${effect.name}`;
    case 'wall-time':
      return 'time';
    case 'phase':
      return `phase ${effect.phase}`;
    case 'log':
      return `log ${effect.message}`;
  }
}

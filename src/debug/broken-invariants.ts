import { ChainPassWatch } from '../invariants/chain-pass-watch.ts';
import type { PassWatch } from '../invariants/pass-watch.ts';
import { RunnerPassWatch } from '../invariants/runner-pass-watch.ts';
import { EPHEMERAL_RUNNER } from '../reconciler/controller.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Moment, Moments } from './moments.ts';
import type { Recording } from './recording.ts';

interface Pass {
  readonly watch: PassWatch;
  /** Where it was last. */
  last: Moment | undefined;
}

/** What has been judged of a recording so far; one that goes on is judged further when it has grown. */
interface Judged {
  readonly broken: Map<Moment, string>;
  readonly passes: Map<number, Pass>;
  next: Moment;
}

const judgements = new WeakMap<Moments, Judged>();

/**
 * What must never be, and is about to be done at a moment, as a sentence without its stop; undefined where nothing is wrong. Of what
 * a trace or a log tells nothing is known: they do not have what passes saw.
 */
export function brokenAt({ moments, settings, hasAnswers, goesOn }: Recording, moment: Moment): string | undefined {
  if (!hasAnswers && goesOn !== true) return undefined;
  let judged = judgements.get(moments);
  if (judged === undefined) judgements.set(moments, (judged = { broken: new Map(), passes: new Map(), next: 0 }));
  const release = RELEASES.get(settings.mode);
  for (; judged.next <= moment; judged.next++) {
    const at = judged.next;
    const { id, key, controller } = moments.pass(at);
    if (moments.isEnd(at)) {
      judged.passes.delete(id);
      continue;
    }
    // What a pass saw before a debugger was attached is not known.
    const isWhole = moments.previousOfPass(at) === undefined && moments.effect(at)?.kind === 'cached-get';
    if (isWhole) {
      const watch =
        controller === EPHEMERAL_RUNNER
          ? new RunnerPassWatch(key, release)
          : new ChainPassWatch(controller, key, release);
      judged.passes.set(id, { watch, last: undefined });
    }
    const pass = judged.passes.get(id);
    if (pass === undefined) continue;
    if (pass.last !== undefined) hear(moments, pass.watch, pass.last);
    pass.last = at;
    const effect = moments.effect(at);
    if (effect === undefined || effect.kind === 'seen-request') continue;
    const [broken] = pass.watch.asks(effect);
    if (broken !== undefined) judged.broken.set(at, broken);
  }
  return judged.broken.get(moment);
}

/** What the pass was answered: it goes on, so that it has been. */
function hear(moments: Moments, watch: PassWatch, moment: Moment): void {
  const [effect, answer] = [moments.effect(moment), moments.answerOf(moment)];
  if (effect === undefined || answer.kind !== 'value') return;
  watch.answered(effect as ReconcileEffect, answer.value);
}

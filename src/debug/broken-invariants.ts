import { ChainPassWatch } from '../invariants/chain-pass-watch.ts';
import { ListenerWatch, type RunnerLimits } from '../invariants/listener-watch.ts';
import type { PassWatch } from '../invariants/pass-watch.ts';
import { RunnerPassWatch } from '../invariants/runner-pass-watch.ts';
import { AutoscalingRunnerSets } from '../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../kubernetes/scale-set-types.ts';
import { LISTENER } from '../reconciler/autoscaling-listener/names.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { EPHEMERAL_RUNNER } from '../reconciler/controller.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';
import type { Moment, Moments } from './moments.ts';
import { isReplay, objectKey, type Recording } from './recording.ts';

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
export function brokenAt(recording: Recording, moment: Moment): string | undefined {
  if (isReplay(recording)) return undefined;
  const { moments } = recording;
  let judged = judgements.get(moments);
  if (judged === undefined) judgements.set(moments, (judged = { broken: new Map(), passes: new Map(), next: 0 }));
  for (; judged.next <= moment; judged.next++) {
    const at = judged.next;
    const { id, controller } = moments.pass(at);
    if (moments.isEnd(at)) {
      judged.passes.delete(id);
      continue;
    }
    // What a pass saw before a debugger was attached is not known.
    const isFirst = moments.previousOfPass(at) === undefined;
    if (isFirst && (controller === LISTENER || moments.effect(at)?.kind === 'cached-get')) {
      judged.passes.set(id, { watch: watchOf(recording, at), last: undefined });
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

function watchOf(recording: Recording, first: Moment): PassWatch {
  const { moments, settings } = recording;
  const { controller, key } = moments.pass(first);
  const release = RELEASES.get(settings.mode);
  if (controller === EPHEMERAL_RUNNER) return new RunnerPassWatch(key, release);
  if (controller === LISTENER) return new ListenerWatch(release, () => limitsIn(recording));
  return new ChainPassWatch(controller, key, release);
}

/** Limits that the run's scale set has at some time. */
function limitsIn({ truth }: Recording): readonly RunnerLimits[] {
  const limits: RunnerLimits[] = [];
  for (const key of truth.keys()) {
    if (!key.startsWith(objectKey(AutoscalingRunnerSets.kind, ''))) continue;
    for (const [, object] of truth.changesOf(key)) {
      if (object === undefined) continue;
      const { minRunners = 0, maxRunners = NO_MAXIMUM } = (object as AutoscalingRunnerSet).spec;
      limits.push({ minRunners, maxRunners });
    }
  }
  return limits;
}

/** What the pass was answered: it goes on, so that it has been. */
function hear(moments: Moments, watch: PassWatch, moment: Moment): void {
  const [effect, answer] = [moments.effect(moment), moments.answerOf(moment)];
  if (effect === undefined || answer.kind !== 'value') return;
  watch.answered(effect as ReconcileEffect, answer.value);
}

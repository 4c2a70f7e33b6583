import { firstThat } from '../base/first-that.ts';
import { controllerOf, keyOf, type ApiObject } from '../kubernetes/types.ts';
import type { Stop } from './breakpoints.ts';
import type { Moment, SeenRequest } from './moments.ts';
import { objectKey, type Recording } from './recording.ts';

/** The next moment at which any stop is met, with the stop's index; undefined where none is. */
export function search(
  recording: Recording,
  from: Moment,
  direction: 1 | -1,
  stops: readonly Stop[],
): { readonly moment: Moment; readonly stop: number } | undefined {
  for (let moment = from + direction; moment >= 0 && moment < recording.moments.length; moment += direction) {
    for (let stop = 0; stop < stops.length; stop++) if (stops[stop]?.(recording, moment)) return { moment, stop };
  }
  return undefined;
}

/** The next effect of the pass; after its end, the next moment of the same worker, or of any. */
export function over({ moments }: Recording, at: Moment): Moment | undefined {
  const next = moments.nextOfPass(at);
  if (next !== undefined) return next;
  return moments.nextOfWorker(moments.pass(at), at) ?? (at + 1 < moments.length ? at + 1 : undefined);
}

/** The moment before, of the same pass; from a pass's beginning, the one before it of any pass. */
export function back({ moments }: Recording, at: Moment): Moment | undefined {
  return moments.previousOfPass(at) ?? (at > 0 ? at - 1 : undefined);
}

/** The end of the pass; at its end, that of the pass that the worker takes next. */
export function out(recording: Recording, at: Moment): Moment | undefined {
  const { moments } = recording;
  if (moments.isEnd(at)) return over(recording, at);
  return moments.ofPass(moments.pass(at).id).at(-1);
}

/** The first moment of the pass that this moment's request wakes; undefined when it wakes none. */
export function into(recording: Recording, at: Moment): Moment | undefined {
  const { moments, cache } = recording;
  const effect = moments.effect(at);
  const answer = moments.answerOf(at);
  if (effect?.kind === 'seen-request') return wokenBy(recording, at, effect);
  if (effect?.kind !== 'kubernetes' || answer.kind !== 'value') return undefined;
  const { verb, resource } = effect.request;
  const written = answer.value as ApiObject | undefined;
  if (verb === 'get' || verb === 'list' || written?.metadata === undefined) return undefined;
  const key = keyOf(written.metadata);
  const owner = controllerOf(written.metadata);
  const woken = new Set([key, ...(owner === undefined ? [] : [`${written.metadata.namespace ?? ''}/${owner.name}`])]);
  let seenAt: Moment | undefined;
  for (const [moment] of cache.changesOf(objectKey(resource.kind, key))) {
    if (moment > at) {
      seenAt = moment;
      break;
    }
  }
  if (seenAt === undefined) return undefined;
  const current = moments.pass(at).id;
  let first: Moment | undefined;
  for (const each of woken) {
    for (const moment of moments.ofKeyFrom(each, seenAt)) {
      if (first !== undefined && moment >= first) break;
      if (moments.pass(moment).id > current && moments.previousOfPass(moment) === undefined) first = moment;
    }
  }
  return first;
}

/**
 * Of a trace that does not tell who heard of a write: the next pass of what was written, or of the runner that has it, as
 * their names are the same.
 */
function wokenBy({ moments }: Recording, at: Moment, { verb, namespace, name }: SeenRequest): Moment | undefined {
  const current = moments.pass(at).id;
  if (verb === 'get' || verb === 'list' || name === '') return undefined;
  const key = namespace === '' ? name : `${namespace}/${name}`;
  for (const moment of moments.ofKeyFrom(key, at + 1)) {
    if (moments.pass(moment).id !== current && moments.previousOfPass(moment) === undefined) return moment;
  }
  return undefined;
}

/** Every moment whose request writes a field, in order; the moment before the change where no pass wrote it. */
export function writesOf({ truth, writers }: Recording, object: string, path: readonly string[]): readonly Moment[] {
  const found: Moment[] = [];
  let before: string | undefined;
  for (const [moment, value] of truth.changesOf(object)) {
    const text = textAt(value, path);
    if (text === before) continue;
    before = text;
    found.push(writers.get(value?.metadata.resourceVersion ?? '') ?? Math.max(0, moment - 1));
  }
  return found;
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  let at = value;
  for (const name of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined;
  return JSON.stringify(at);
}

/** The moment at a time, of an object's pass where a key is given: the last one before it, or the first of all. */
export function momentAt({ moments }: Recording, atUs: number, key?: string): Moment | undefined {
  const next = firstThat(moments.length, (moment) => moments.timeUs(moment) > atUs);
  if (key === undefined) return moments.length === 0 ? undefined : Math.max(0, next - 1);
  return moments.lastOfKey(key, next - 1) ?? (moments.ofKeyFrom(key, next).next().value as Moment | undefined);
}

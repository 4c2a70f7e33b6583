import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { isJsonObject } from '../base/json.ts';
import { messageOf } from '../base/message.ts';
import type { Debugger } from '../debug/debugger.ts';
import { isRequest, type Edit } from '../debug/edits.ts';
import {
  kindOf,
  lookedAt,
  objectsAt,
  phaseAt,
  queueAt,
  requestAt,
  saidIn,
  statusAt,
  tokensByKind,
  type Waiting,
} from '../debug/facts.ts';
import type { Moment } from '../debug/moments.ts';
import { objectKey, type Recording } from '../debug/recording.ts';
import { shown } from '../debug/shown.ts';
import { keyOf } from '../kubernetes/types.ts';
import { happeningText } from '../run/happenings.ts';
import { seenSpan } from './seen-span.ts';

/** Nobody reads more keys of a queue than these. */
const MOST_KEYS = 100;

/** One of the lists of variables beside a stopped pass. */
export interface Scope {
  readonly name: string;
  readonly value: unknown;
  /** Of an object of the cluster: where its fields are written. */
  readonly object?: string;
  /** Its fields may be set. */
  readonly isEditable?: boolean;
}

/**
 * What can be looked at while the debugger stands, as people may see it; of a trace what the trace tells.
 * @param moment where the worker is whose pass it is about
 */
export function scopesOf(debugging: Debugger, moment: Moment): readonly Scope[] {
  const { recording, at } = debugging;
  // What is about to happen comes first: editors open the first scope.
  return [
    ...deedScopes(recording, moment, at),
    ...objectScopes(recording, moment, at),
    ...(recording.hasAnswers ? [differencesScope(recording, moment, at)] : []),
    ...queueScopes(recording, at),
    ...(recording.hasAnswers ? clientScopes(recording, at) : []),
    positionScope(debugging, moment),
  ];
}

function deedScopes(recording: Recording, at: Moment, now: Moment): readonly Scope[] {
  const { moments, secrets, hasAnswers } = recording;
  const effect = moments.effect(at);
  if (effect === undefined) return [resultScope(recording, at)];
  const answer = (value: unknown): Scope => ({ name: t('Answer'), value, isEditable: at === now });
  if (isRequest(effect)) {
    const request = { name: t('Request'), value: shown(requestAt(recording, at), secrets) };
    return [answer(requestAnswer(recording, at)), request];
  }
  const said = saidIn(moments.answerOf(at));
  if (said !== undefined) return [answer({ value: shown(said, secrets) })];
  // A look into the cache may find nothing; phases and logs have no answer at all.
  return hasAnswers && effect.kind === 'cached-get' ? [answer({ value: t('not there') })] : [];
}

/** What a pass that has ended returned, and when its key has another. */
function resultScope({ moments, secrets, waits }: Recording, end: Moment): Scope {
  const outcome = moments.outcome(end);
  const { controller, key, startedUs } = moments.pass(end);
  const requests = moments.ofPass(moments.pass(end).id).filter((at) => {
    const effect = moments.effect(at);
    return effect !== undefined && isRequest(effect);
  });
  const wait = waits.at(`${controller} ${key}`, end + 1);
  const nowUs = moments.timeUs(end);
  const value = {
    result: outcome?.kind,
    ...(outcome?.kind === 'requeue-after' ? { after: formatDuration(outcome.afterUs) } : {}),
    ...(outcome?.kind === 'error' ? { error: secrets.redact(messageOf(outcome.error)) } : {}),
    requests: requests.length,
    took: formatDuration(nowUs - startedUs),
    next: wait === undefined ? t('nothing wakes it yet') : nextText(wait, nowUs),
  };
  return { name: t('Result'), value };
}

function nextText(
  { trigger, readyUs }: Pick<Waiting, 'trigger'> & { readonly readyUs: number },
  nowUs: number,
): string {
  const afterUs = readyUs - nowUs;
  const when = afterUs > 0 ? t('in {0}', formatDuration(afterUs)) : t('as soon as a worker is free');
  return trigger === '' ? when : t('{0}, for {1}', when, trigger);
}

/** The objects that the pass is about; of those that a trace never mentions nothing is said. */
function objectScopes(recording: Recording, at: Moment, now: Moment): readonly Scope[] {
  const names = { runner: t('Runner'), pod: t('Pod'), secret: t('Secret'), set: t('Set') };
  return [...objectsAt(recording, at, now)].flatMap(([name, { cached, truth }]): readonly Scope[] => {
    const seen = truth ?? cached;
    if (seen !== undefined) {
      const object = objectKey(seen.kind ?? '', keyOf(seen.metadata));
      return [{ name: names[name], value: shown(seen, recording.secrets), object }];
    }
    return name === 'set' || !recording.hasAnswers ? [] : [{ name: names[name], value: t('not there') }];
  });
}

function differencesScope(recording: Recording, at: Moment, now: Moment): Scope {
  const { secrets, cachedKinds } = recording;
  const own = [...objectsAt(recording, at, now)].filter(([name]) => cachedKinds.has(kindOf(name)));
  const differences = [...own, ...lookedAt(recording, at, now)].flatMap(([name, { cached, truth }]) =>
    differencesOf(name, shown(cached, secrets), shown(truth, secrets)),
  );
  const value =
    differences.length === 0 ? t('the caches show what the API server has') : Object.fromEntries(differences);
  return { name: t('Cache against truth'), value };
}

function queueScopes(recording: Recording, at: Moment): readonly Scope[] {
  const nowUs = recording.moments.timeUs(at);
  const waiting = queueAt(recording, at);
  const isTold = waiting.length > 0 || recording.hasAnswers;
  return isTold ? [{ name: t('Queue'), value: queueScope(recording, waiting, nowUs) }] : [];
}

function clientScopes(recording: Recording, at: Moment): readonly Scope[] {
  const { settings, locks, secrets } = recording;
  const { qps, burst } = settings;
  const held = [...locks.entriesAt(at)].map(([name, pass]) => [lockName(name), lockHolder(recording, pass)]);
  return [
    { name: t('Client limiter'), value: { qps, burst, tokens: Object.fromEntries(tokensByKind(recording, at)) } },
    {
      name: t('Actions client'),
      value: held.length === 0 ? t('nobody holds its lock') : shown(Object.fromEntries(held), secrets),
    },
  ];
}

function positionScope({ recording, futures, current, isEditable }: Debugger, at: Moment): Scope {
  const { moments, finished } = recording;
  const pass = moments.pass(at);
  const waitedUs = pass.startedUs - pass.readyUs;
  return {
    name: t('Trace position'),
    value: {
      ...{ moment: at, of: moments.length, time: formatDuration(moments.timeUs(at) - finished.originUs) },
      ...{ pass: pass.id, attempt: pass.attempt, trigger: pass.trigger, phase: phaseAt(recording, at) },
      ...(Number.isNaN(waitedUs) ? {} : { waited: seenSpan(recording, waitedUs) }),
      ...(isEditable ? { future: current, futures: futures.length } : {}),
      ...(recording.edits.length === 0 ? {} : { changes: recording.edits.map((edit) => editText(edit)) }),
    },
  };
}

/** The first keys of a long queue, and how many more there are. */
function queueScope(recording: Recording, waiting: readonly Waiting[], nowUs: number): readonly unknown[] {
  const first = waiting.slice(0, MOST_KEYS).map(({ key, trigger, state, ahead, sinceUs, untilUs }) => ({
    key,
    ...{ trigger, state, ...(ahead === undefined ? {} : { ahead }) },
    since: seenSpan(recording, nowUs - sinceUs),
    ...(untilUs === undefined ? {} : { in: seenSpan(recording, untilUs - nowUs) }),
  }));
  const left = waiting.length - first.length;
  return left === 0 ? first : [...first, t('{0} more', left)];
}

function requestAnswer(recording: Recording, at: Moment): unknown {
  const { moments, secrets, hasAnswers } = recording;
  const answer = moments.answerOf(at);
  const value = saidIn(answer);
  const delayUs = answer.kind === 'none' ? undefined : answer.atUs - moments.timeUs(at);
  const edits = recording.edits.filter((edit) => edit.moment === at && edit.kind === 'answer');
  const replacement = edits.flatMap((edit) => (edit.kind === 'answer' ? [edit.replacement.kind] : []))[0];
  const isPutOff = replacement === 'late' || replacement === 'status';
  const noDelay = isPutOff ? t('it comes after the end of the run') : t('it does not come');
  return {
    status: statusAt(recording, at) ?? t('not known'),
    delay: delayUs === undefined ? noDelay : seenSpan(recording, delayUs),
    lost: replacement === 'lost',
    never: replacement === 'never',
    ...(value === undefined && !hasAnswers
      ? {}
      : { value: value === undefined ? t('not there') : shown(value, secrets) }),
  };
}

/** A lock is named after what is made of the credentials: the beginning tells locks apart. */
function lockName(name: string): string {
  return name.replace(/\b([0-9a-f]{6})[0-9a-f]{58}\b/, '$1');
}

function lockHolder({ moments }: Recording, pass: number): unknown {
  const first = moments.ofPass(pass)[0];
  if (first === undefined) return { pass };
  const { key, worker, controller } = moments.pass(first);
  return { pass, key, controller, worker };
}

/** Fields in which a cache is behind; the newest first. */
function differencesOf(name: string, cached: unknown, truth: unknown): readonly (readonly [string, unknown])[] {
  const before = JSON.stringify(cached);
  const after = JSON.stringify(truth);
  if (before === after) return [];
  return fieldsOf(cached, truth, name).map(([path, was, is]) => [
    path,
    { cache: was ?? t('not there'), truth: is ?? t('not there') },
  ]);
}

function fieldsOf(cached: unknown, truth: unknown, path: string): readonly (readonly [string, unknown, unknown])[] {
  if (JSON.stringify(cached) === JSON.stringify(truth)) return [];
  if (!isJsonObject(cached) || !isJsonObject(truth)) return [[path, summary(cached), summary(truth)]];
  const names = [...new Set([...Object.keys(cached), ...Object.keys(truth)])];
  return names.flatMap((name) => fieldsOf(cached[name], truth[name], `${path}.${name}`));
}

/** Whole objects are opened; no credential is in what is shown here. */
function summary(value: unknown): unknown {
  return typeof value === 'string' && value.length > 80 ? `${value.slice(0, 20)}…` : value;
}

function editText(edit: Edit): string {
  return t('moment {0}: {1}', edit.moment, changeText(edit));
}

function changeText(edit: Edit): string {
  switch (edit.kind) {
    case 'answer': {
      const { replacement } = edit;
      return t('answer {0}', replacement.kind === 'status' ? replacement.status : replacement.kind);
    }
    case 'user': {
      const { verb, resource, name } = edit.request;
      return `${verb} ${resource.plural} ${name}`;
    }
    case 'happening':
      return happeningText(edit.happening);
    case 'conditions':
      return Object.entries(edit.change)
        .map(([name, us]) => `${name.replace(/Us$/, '')} ${formatDuration(Number(us))}`)
        .join(', ');
    case 'reseed':
      return edit.kind;
  }
}

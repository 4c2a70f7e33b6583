import { t } from '@vscode/l10n';
import { EphemeralRunners, Pods, Secrets, EphemeralRunnerSets } from '../kubernetes/resource.ts';
import type { ApiRequest } from '../kubernetes/cluster.ts';
import { controllerOf, keyOf, splitKey, type ApiObject } from '../kubernetes/types.ts';
import { isRequest } from './edits.ts';
import type { Answer, Moment, SeenRequest } from './moments.ts';
import { isReplay, objectKey, tokensAt, wordFor, type Recording } from './recording.ts';
import { shown } from './shown.ts';
import type { SourcePlace } from './source-files.ts';

/** What an effect asks for, in the words of breakpoints. */
export interface Request {
  /** `get`, `create` …; of the Actions service the method in small letters. */
  readonly verb: string;
  /** Plural name with its subresource, `ephemeralrunners/status`; of the Actions service the operation. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly body: unknown;
}

/** The request that a moment is about to send; undefined where it sends none. */
export function requestAt({ moments }: Recording, moment: Moment): Request | undefined {
  const effect = moments.effect(moment);
  if (effect?.kind === 'kubernetes') {
    const { verb, resource, subresource, namespace, name, body } = effect.request;
    return { verb, resource: `${resource.plural}${subresource && `/${subresource}`}`, namespace, name, body };
  }
  if (effect?.kind === 'seen-request') return { ...nameOf(effect), body: undefined };
  if (effect?.kind !== 'http') return undefined;
  const { method, body } = effect.request;
  return { verb: method.toLowerCase(), resource: effect.operation, namespace: '', name: effect.subject, body };
}

function nameOf({ verb, resource, namespace, name }: SeenRequest): Omit<Request, 'body'> {
  return { verb, resource, namespace, name };
}

/** HTTP status of the answer to come: 0 when it is lost or never comes, undefined where nothing is requested or it is not known. */
export function statusAt({ moments, goesOn }: Recording, moment: Moment): number | undefined {
  const effect = moments.effect(moment);
  if (effect === undefined || !isRequest(effect)) return undefined;
  const answer = moments.answerOf(moment);
  if (answer.kind === 'none') return goesOn === true ? undefined : 0;
  if (answer.kind === 'seen') return answer.status;
  if (answer.kind === 'error') return (answer.error as { code?: number }).code ?? 0;
  if (effect.kind === 'http') return (answer.value as { status: number }).status;
  if (effect.kind === 'kubernetes' && answer.value === undefined) return 404;
  return effect.kind === 'kubernetes' && effect.request.verb === 'create' ? 201 : 200;
}

/** The part of its pass that a moment belongs to; empty before the first. */
export function phaseAt({ moments }: Recording, moment: Moment): string {
  for (let at: Moment | undefined = moment; at !== undefined; at = moments.previousOfPass(at)) {
    const effect = moments.effect(at);
    if (effect?.kind === 'phase') return effect.phase;
  }
  return '';
}

/**
 * The call stack at a moment, innermost first; empty where it is not known. At its end a pass is where it was last: in the
 * function that began it, or, when it fails, where it made its last effect; of a log at its last line too.
 */
export function stackAt({ moments, sites }: Recording, moment: Moment): readonly SourcePlace[] {
  const outcome = moments.outcome(moment);
  if (outcome === undefined) return sites.frames(moments.site(moment));
  const last = moments.previousOfPass(moment);
  const frames = last === undefined ? [] : sites.frames(moments.site(last));
  if (outcome.kind === 'error') return frames;
  const line = frames.filter(({ function: name }) => name === '');
  return frames.length === line.length ? frames : [...line, ...frames.slice(-1)];
}

/** What the API server holds of an object, and what the caches do. */
interface Seen {
  readonly cached: ApiObject | undefined;
  readonly truth: ApiObject | undefined;
}

export function objectAt({ truth, cache }: Recording, kind: string, key: string, moment: Moment): Seen {
  return { cached: cache.at(objectKey(kind, key), moment), truth: truth.at(objectKey(kind, key), moment) };
}

const KINDS = { runner: EphemeralRunners, pod: Pods, secret: Secrets, set: EphemeralRunnerSets };

const OWN_KINDS: ReadonlySet<string> = new Set(Object.values(KINDS).map(({ kind }) => kind));

/** What scopes and expressions call the objects that a pass is about. */
type ObjectName = keyof typeof KINDS;

/** The kind of what has one of these words. */
export function kindOf(name: ObjectName): string {
  return KINDS[name].kind;
}

/**
 * The objects that a pass is about, by the words of scopes and expressions.
 * @param now when they are looked at: a worker may be at its moment since a while
 */
export function objectsAt(recording: Recording, moment: Moment, now = moment): ReadonlyMap<ObjectName, Seen> {
  const { key } = recording.moments.pass(moment);
  const of = (kind: string, name = key): Seen => objectAt(recording, kind, name, now);
  const runner = of(EphemeralRunners.kind);
  const owner = controllerOf((runner.cached ?? runner.truth)?.metadata ?? { name: '' });
  const setKey = owner === undefined ? key : `${splitKey(key).namespace}/${owner.name}`;
  return new Map([
    ['runner', runner],
    ['pod', of(Pods.kind)],
    ['secret', of(Secrets.kind)],
    ['set', of(EphemeralRunnerSets.kind, setKey)],
  ]);
}

/** Cached objects that a pass has asked about or written up to a moment, besides those that have words of their own: by kind and name. */
export function lookedAt(recording: Recording, moment: Moment, now = moment): ReadonlyMap<string, Seen> {
  const { moments, cachedKinds } = recording;
  const found = new Map<string, Seen>();
  for (let at: Moment | undefined = moment; at !== undefined; at = moments.previousOfPass(at)) {
    const effect = moments.effect(at);
    if (effect?.kind !== 'cached-get' && effect?.kind !== 'kubernetes') continue;
    const { kind } = effect.kind === 'cached-get' ? effect.resource : effect.request.resource;
    const key = effect.kind === 'cached-get' ? effect.key : keyOfRequest(effect.request);
    const isKnown = OWN_KINDS.has(kind) || !cachedKinds.has(kind);
    if (key !== undefined && !isKnown) found.set(`${kind} ${splitKey(key).name}`, objectAt(recording, kind, key, now));
  }
  return found;
}

/** Undefined of a list, and of what the server gives a name. */
function keyOfRequest({ namespace, name }: ApiRequest): string | undefined {
  return name === '' ? undefined : `${namespace}/${name}`;
}

/** One of its objects as a pass last received it, from its cache or in an answer; undefined where it has not asked yet. */
export function toldAt(
  recording: Recording,
  moment: Moment,
  name: ObjectName,
): { readonly object: ApiObject | undefined } | undefined {
  const { moments } = recording;
  const { kind } = KINDS[name];
  const { key } = moments.pass(moment);
  for (let at = moments.previousOfPass(moment); at !== undefined; at = moments.previousOfPass(at)) {
    const effect = moments.effect(at);
    const answer = moments.answerOf(at);
    if (answer.kind !== 'value') continue;
    const object = answer.value as ApiObject | undefined;
    if (effect?.kind === 'cached-get' && effect.resource.kind === kind && (name === 'set' || effect.key === key))
      return { object };
    if (effect?.kind !== 'kubernetes' || effect.request.resource.kind !== kind) continue;
    const { verb } = effect.request;
    const isOfPass = object?.metadata !== undefined && (name === 'set' || keyOf(object.metadata) === key);
    if (isOfPass && verb !== 'list' && verb !== 'delete') return { object };
  }
  return undefined;
}

/** What to say of a name of expressions that has no value at a moment; undefined where it has one, and for every other text. */
export function absentText(recording: Recording, moment: Moment, name: string): string | undefined {
  if (name === 'request' || name === 'answer') {
    return requestAt(recording, moment) === undefined ? t('nothing is asked of a server here') : undefined;
  }
  if (!(name in KINDS)) return undefined;
  const told = toldAt(recording, moment, name as ObjectName);
  const object = told === undefined ? objectsAt(recording, moment).get(name as ObjectName)?.cached : told.object;
  if (object !== undefined) return undefined;
  return isReplay(recording) ? t('the {0} tells nothing of it here', wordFor(recording)) : t('not there');
}

/** A key in a controller's queue at a moment. */
export interface Waiting {
  readonly controller: string;
  readonly key: string;
  readonly trigger: string;
  readonly state: 'queued' | 'delayed';
  /** Of a queued key: how many are taken before it. */
  readonly ahead?: number;
  readonly sinceUs: number;
  /** Of a delayed key. */
  readonly untilUs?: number;
}

/** What waits for a worker, and what for its delay. */
export function queueAt({ waits, moments }: Recording, moment: Moment): readonly Waiting[] {
  const nowUs = moments.timeUs(moment);
  const queued: Waiting[] = [];
  const delayed: Waiting[] = [];
  const all = [...waits.entriesAt(moment)].sort(([, a], [, b]) => a.readyUs - b.readyUs);
  const places = new Map<string, number>();
  for (const [where, { trigger, queuedUs, readyUs }] of all) {
    const space = where.indexOf(' ');
    const controller = where.slice(0, space);
    const key = where.slice(space + 1);
    if (readyUs > nowUs) {
      delayed.push({ controller, key, trigger, state: 'delayed', sinceUs: queuedUs, untilUs: readyUs });
      continue;
    }
    const ahead = places.get(controller) ?? 0;
    places.set(controller, ahead + 1);
    queued.push({ controller, key, trigger, state: 'queued', ahead, sinceUs: readyUs });
  }
  return [...queued, ...delayed];
}

/** Tokens of the client by kind of object; a kind that nothing was asked of is full and left out. */
export function tokensByKind({ buckets, moments, settings }: Recording, moment: Moment): ReadonlyMap<string, number> {
  const { qps, burst } = settings;
  const nowUs = moments.timeUs(moment);
  return new Map(
    [...buckets.entriesAt(moment)].map(([kind, level]) => [
      kind,
      Math.round(tokensAt(level, nowUs, qps, burst) * 100) / 100,
    ]),
  );
}

/** What an answer said, as far as that is known. */
export function saidIn(answer: Answer): unknown {
  switch (answer.kind) {
    case 'none':
      return undefined;
    case 'value':
      return answer.value;
    case 'error':
      return answer.error;
    case 'seen':
      return answer.message === '' ? undefined : { message: answer.message };
  }
}

/**
 * Everything that an expression can name, as people may see it. What it does not name is not looked up.
 * @param now when objects are looked at
 */
export function contextAt(recording: Recording, moment: Moment, now = moment): Readonly<Record<string, unknown>> {
  const { moments, secrets, finished } = recording;
  const see = (value: unknown): unknown => shown(value ?? {}, secrets);
  const objects = (): ReturnType<typeof objectsAt> => objectsAt(recording, moment, now);
  /** As the pass knows it: what it has not asked about yet is as its cache has it. */
  const known = (name: ObjectName): unknown => {
    const told = toldAt(recording, moment, name);
    return see(told === undefined ? objects().get(name)?.cached : told.object);
  };
  return {
    get runner() {
      return known('runner');
    },
    get pod() {
      return known('pod');
    },
    get secret() {
      return known('secret');
    },
    get set() {
      return known('set');
    },
    get truth() {
      return Object.fromEntries([...objects()].map(([name, { truth }]) => [name, see(truth)]));
    },
    get request() {
      return see(requestAt(recording, moment));
    },
    get answer() {
      const answer = moments.answerOf(moment);
      return {
        status: statusAt(recording, moment) ?? -1,
        ...(answer.kind === 'none' ? {} : { afterMs: (answer.atUs - moments.timeUs(moment)) / 1000 }),
        value: see(saidIn(answer)),
      };
    },
    get pass() {
      const { id, controller, key, worker, attempt, trigger, startedUs, readyUs } = moments.pass(moment);
      const waitedMs = (startedUs - readyUs) / 1000;
      return { id, controller, key, name: splitKey(key).name, worker, attempt, trigger, waitedMs };
    },
    get phase() {
      return phaseAt(recording, moment);
    },
    stale: moments.isStale(moment),
    timeMs: (moments.timeUs(moment) - finished.originUs) / 1000,
    moment,
  };
}

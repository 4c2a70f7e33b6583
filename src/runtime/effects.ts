import { Effect, type ServiceEffect } from '../base/effect.ts';
import { messageOf } from '../base/message.ts';
import type { ApiRequest, ObjectList } from '../kubernetes/cluster.ts';
import {
  createRequest,
  deleteRequest,
  getRequest,
  listRequest,
  patchRequest,
  updateRequest,
} from '../kubernetes/request.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { heard } from './hearing.ts';
import { byController, byLabel, type Grouping } from './object-index.ts';

/** What a reconcile pass may yield. Every driver handles every kind. */
export type ReconcileEffect =
  | CachedGetEffect<ApiObject>
  | CachedListEffect<ApiObject>
  | KubernetesEffect<unknown>
  | ServiceEffect
  | PhaseEffect
  | LogEffect;

/** A reconcile pass: yields effects, is resumed with their answers or has the error thrown into it. */
export type Reconcile = Generator<ReconcileEffect, Result, never>;

/** A part of a pass that gives a value. */
export type Step<T> = Generator<ReconcileEffect, T, never>;

/** What a pass wants done with its key; an error thrown out of the pass is the fourth way to end. */
export type Result =
  /** Nothing; the key's back-off is reset. */
  | { readonly kind: 'done' }
  /** Again, as soon as the rate limiter lets it; the back-off grows. */
  | { readonly kind: 'requeue' }
  /** Again after a fixed time; the back-off is reset. */
  | { readonly kind: 'requeue-after'; readonly afterUs: number };

export const done: Result = { kind: 'done' };
export const requeue: Result = { kind: 'requeue' };
/** Waits whole microseconds, as the work queue and traces count them. */
export function requeueAfter(afterUs: number): Result {
  return { kind: 'requeue-after', afterUs: Math.ceil(afterUs) };
}

/** Reads the informer's copy, which may be behind the API server's; undefined where it has none. */
class CachedGetEffect<T extends ApiObject> extends Effect<T | undefined> {
  readonly kind = 'cached-get';
  readonly resource: Resource<T>;
  readonly key: string;

  constructor(resource: Resource<T>, key: string) {
    super();
    this.resource = resource;
    this.key = key;
  }
}

/** Lists the informer's copies in a group. */
class CachedListEffect<T extends ApiObject> extends Effect<readonly T[]> {
  readonly kind = 'cached-list';
  readonly resource: Resource<T>;
  readonly namespace: string;
  readonly grouping: Grouping;
  readonly group: string;

  constructor(resource: Resource<T>, namespace: string, grouping: Grouping, group: string) {
    super();
    this.resource = resource;
    this.namespace = namespace;
    this.grouping = grouping;
    this.group = group;
  }
}

/** A request to the API server through the rate-limited client. An ApiError is thrown unless `absentOk` covers it. */
export class KubernetesEffect<Answer> extends Effect<Answer> {
  readonly kind = 'kubernetes';
  readonly request: ApiRequest;
  /** Whether 404 is an answer (undefined) rather than an error. */
  readonly absentOk: boolean;

  constructor(request: ApiRequest, absentOk = false) {
    super();
    this.request = request;
    this.absentOk = absentOk;
  }
}

/** Marks the beginning of a named part of the pass, which lasts until the next mark or the end. */
export class PhaseEffect extends Effect<void> {
  readonly kind = 'phase';
  readonly phase: string;

  constructor(phase: string) {
    super();
    this.phase = phase;
  }
}

/** A log line of the controller; the messages are the ones that users search for. */
export class LogEffect extends Effect<void> {
  readonly kind = 'log';
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;

  constructor(level: 'info' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) {
    super();
    this.level = level;
    this.message = message;
    this.fields = fields;
  }
}

export function cached<T extends ApiObject>(resource: Resource<T>, key: string): CachedGetEffect<T> {
  return new CachedGetEffect(resource, key);
}

export function cachedWithLabel<T extends ApiObject>(
  resource: Resource<T>,
  namespace: string,
  label: string,
  value: string,
): CachedListEffect<T> {
  return new CachedListEffect(resource, namespace, byLabel(label), value);
}

/** The informer's copies that an object owns as their controller. */
export function cachedOwned<T extends ApiObject>(
  resource: Resource<T>,
  owners: Resource,
  { metadata }: ApiObject,
): CachedListEffect<T> {
  return new CachedListEffect(resource, metadata.namespace ?? '', byController(owners), metadata.name);
}

/** GET from the API server; undefined on 404. */
export function find<T extends ApiObject>(
  resource: Resource<T>,
  namespace: string,
  name: string,
): KubernetesEffect<T | undefined> {
  return new KubernetesEffect(getRequest(resource, namespace, name), true);
}

/** GET from the API server. */
export function get<T extends ApiObject>(resource: Resource<T>, namespace: string, name: string): KubernetesEffect<T> {
  return new KubernetesEffect(getRequest(resource, namespace, name));
}

export function list<T extends ApiObject>(
  resource: Resource<T>,
  namespace: string,
  labelSelector: string,
): KubernetesEffect<ObjectList<T>> {
  return new KubernetesEffect(listRequest(resource, namespace, labelSelector));
}

/** A name that the API server is to make is empty here, and is left out of what is sent. */
export function create<T extends ApiObject>(resource: Resource<T>, object: T): KubernetesEffect<T> {
  const request = createRequest(resource, object);
  if (object.metadata.name !== '') return new KubernetesEffect(request);
  const { name: _, ...metadata } = object.metadata;
  return new KubernetesEffect({ ...request, body: { ...object, metadata } });
}

export function patch<T extends ApiObject>(
  resource: Resource<T>,
  object: T,
  body: object,
  subresource: '' | 'status' = '',
): KubernetesEffect<T> {
  const { namespace = '', name } = object.metadata;
  return new KubernetesEffect(patchRequest(resource, namespace, name, body, subresource));
}

/** PUT of the whole object, which is refused when it has been changed since it was read. */
export function update<T extends ApiObject>(resource: Resource<T>, object: T): KubernetesEffect<T> {
  return new KubernetesEffect(updateRequest(resource, object));
}

const DELETE_OPTIONS = Object.freeze({ kind: 'DeleteOptions', apiVersion: 'v1' });

/**
 * DELETE without preconditions; an object that is already gone is fine.
 * @param gracePeriodSeconds that of the object itself without it
 */
export function remove(resource: Resource, object: ApiObject, gracePeriodSeconds?: number): KubernetesEffect<unknown> {
  const { namespace = '', name } = object.metadata;
  const options = gracePeriodSeconds === undefined ? DELETE_OPTIONS : { ...DELETE_OPTIONS, gracePeriodSeconds };
  return new KubernetesEffect(deleteRequest(resource, namespace, name, options), true);
}

/** DELETE of an object that has to be there: 404 is an error. */
export function removeExisting(resource: Resource, object: ApiObject): KubernetesEffect<unknown> {
  const { namespace = '', name } = object.metadata;
  return new KubernetesEffect(deleteRequest(resource, namespace, name, DELETE_OPTIONS));
}

/** A mark or a log line, or nothing where nobody hears of it. */
export type Said = Iterable<ReconcileEffect, void, never>;

/** Yields nothing. */
const UNHEARD: Said = {
  [Symbol.iterator]: () => SILENCE,
};
const SILENCE: Iterator<never, void, unknown> = { next: () => OVER };
const OVER = { value: undefined, done: true } as const;

export function phase(name: string): Said {
  return heard.phases ? new PhaseEffect(name) : UNHEARD;
}

export function log(message: string, fields?: Readonly<Record<string, unknown>>): Said {
  return heard.lines ? new LogEffect('info', message, fields) : UNHEARD;
}

/** @param error whose message becomes the field `error` */
export function logError(message: string, error: unknown, fields?: Readonly<Record<string, unknown>>): Said {
  return heard.lines ? new LogEffect('error', message, { ...fields, error: messageOf(error) }) : UNHEARD;
}

/** Takes a step; an error of it is logged under `message` and goes on. */
export function* orLogError<T>(step: Iterable<ReconcileEffect, T, never>, message: string): Step<T> {
  try {
    return yield* step;
  } catch (error) {
    yield* logError(message, error);
    throw error;
  }
}

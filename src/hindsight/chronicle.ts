import { ApiError } from '../kubernetes/api-error.ts';
import type { VirtualClock } from '../base/virtual-clock.ts';
import type { ApiRequest } from '../kubernetes/cluster.ts';
import { EphemeralRunners, type Resource } from '../kubernetes/resource.ts';
import { keyOf, splitKey, type ApiObject, type EphemeralRunner } from '../kubernetes/types.ts';
import { simulate, type FinishedRun, type RunOptions } from '../run/embedded-run.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { Driver, PassInProgress } from '../runtime/pass.ts';

/** A request that was sent, by a pass or by somebody outside the controllers: a kubelet, a person, a listener. */
export interface Sent {
  /** Events of the virtual clock with the one in which it was sent. */
  readonly event: number;
  readonly atUs: number;
  readonly pass: Pick<PassInProgress, 'controller' | 'key'> | undefined;
  readonly request: ApiRequest | ServiceCall;
  /** HTTP status of a pass's request that was refused; 0 where no answer came. */
  refused?: number;
  /** The name that the server gave to what was created, where it was answered. */
  made?: string;
}

interface ServiceCall {
  readonly operation: string;
  readonly subject: string;
}

/** A phase that was written into an object that ends with it. */
interface Written {
  readonly event: number;
  readonly atUs: number;
  readonly kind: string;
  readonly key: string;
  readonly phase: string;
}

/** The API server has changed an object. */
interface Change {
  readonly event: number;
  readonly atUs: number;
  readonly resource: Resource;
  readonly name: string;
  /** How many requests had been sent by then. */
  readonly sentBefore: number;
}

/** A controller's cache heard of a change. */
interface Seen {
  readonly event: number;
  readonly atUs: number;
  readonly kind: string;
  readonly name: string;
  readonly isGone: boolean;
}

/** What happened in a run, in order, with the events of its clock. */
export interface Chronicle {
  readonly finished: FinishedRun;
  readonly sent: readonly Sent[];
  readonly changes: readonly Change[];
  readonly seen: readonly Seen[];
  /** Final phases: Failed, Outdated. */
  readonly written: readonly Written[];
  /** What people, nodes and GitHub did. */
  readonly interferences: readonly { readonly event: number; readonly atUs: number; readonly text: string }[];
  /** Finalizers of what was still to be deleted at the end, by `namespace/name`. */
  readonly finalizersLeft: ReadonlyMap<string, readonly string[]>;
  /** After this event nothing changed in the cluster any more, and nobody interfered. */
  readonly lastChange: number;
}

export function isServiceCall(request: Sent['request']): request is ServiceCall {
  return 'operation' in request;
}

/** Does a run and notes who sent what. */
export function chronicle({ settings, load, horizonUs, subject }: RunSpec): Chronicle {
  const sent: Sent[] = [];
  const changes: Change[] = [];
  const seen: Seen[] = [];
  const written: Written[] = [];
  const interferences: Chronicle['interferences'][number][] = [];
  const finalizersLeft = new Map<string, readonly string[]>();
  const ofPasses = new WeakSet<ApiRequest>();
  let clock: VirtualClock | undefined;
  let lastChange = 0;
  const now = (): { event: number; atUs: number } => ({ event: clock?.eventsRun ?? 0, atUs: clock?.nowUs() ?? 0 });
  const wrapDriver = (inner: Driver): Driver => ({
    get hearing() {
      return inner.hearing;
    },
    begin: (pass) => inner.begin?.(pass),
    perform: (effect, pass, reply) => {
      if (effect.kind !== 'kubernetes' && effect.kind !== 'http') {
        inner.perform(effect, pass, reply);
        return;
      }
      if (effect.kind === 'kubernetes') ofPasses.add(effect.request);
      const request =
        effect.kind === 'kubernetes' ? effect.request : { operation: effect.operation, subject: effect.subject };
      const one: Sent = { ...now(), pass, request };
      sent.push(one);
      inner.perform(effect, pass, {
        resume: (answer) => {
          const { status = 200 } = effect.kind === 'http' ? (answer as { status?: number }) : {};
          if (status >= 400) one.refused = status;
          if (effect.kind === 'kubernetes' && effect.request.name === '') {
            const made = (answer as Partial<ApiObject> | undefined)?.metadata?.name;
            if (made !== undefined) one.made = made;
          }
          reply.resume(answer);
        },
        fail: (error) => {
          one.refused = error instanceof ApiError ? error.code : 0;
          reply.fail(error);
        },
      });
    },
  });
  const onStarted: RunOptions['onStarted'] = (run) => {
    clock = run.clock as VirtualClock;
    const { environment, controllers } = run;
    const { cluster } = environment;
    for (const resource of controllers.caches.kinds) {
      controllers.caches.of(resource).listen((event, key) => {
        seen.push({ ...now(), kind: resource.kind, name: splitKey(key).name, isGone: event === 'deleted' });
      });
    }
    environment.onInterference = (text) => {
      lastChange = now().event;
      interferences.push({ ...now(), text });
    };
    cluster.intercept = (request) => {
      if (!ofPasses.has(request)) sent.push({ ...now(), pass: undefined, request });
      return false;
    };
    cluster.api.store.listen((resource, type, object, previous) => {
      lastChange = now().event;
      changes.push({ ...now(), resource, name: object.metadata.name, sentBefore: sent.length });
      const { deletionTimestamp, finalizers = [] } = object.metadata;
      const isLeft = type !== 'deleted' && deletionTimestamp !== undefined;
      if (isLeft) finalizersLeft.set(keyOf(object.metadata), finalizers);
      else finalizersLeft.delete(keyOf(object.metadata));
      const [phase, before] = [phaseOf(object), previous === undefined ? undefined : phaseOf(previous)];
      if (type === 'deleted' || phase === before || !isFinal(phase)) return;
      written.push({ ...now(), kind: resource.kind, key: keyOf(object.metadata), phase });
    });
  };
  const finished = simulate(settings, {
    ...{ detail: 'figures', hooks: { wrapDriver }, onStarted, subject },
    ...(load === undefined ? {} : { load }),
    ...(horizonUs === undefined ? {} : { horizonUs }),
  });
  return { finished, sent, changes, seen, written, interferences, finalizersLeft, lastChange };
}

/** The request that a change came of: the last that was sent for its object; undefined where none was. */
export function requestFor({ sent }: Chronicle, { resource, name, sentBefore }: Change): Sent | undefined {
  const before = sent
    .slice(0, sentBefore)
    .filter(({ request }) => !isServiceCall(request) && request.resource === resource && !isRead(request));
  // Of a creation whose answer was lost only the beginning of the name is known.
  return before.findLast((one) => nameOf(one) === name) ?? before.findLast((one) => mayHaveMade(one, name));
}

/** What a request is about; empty for a list, and where the server gives the name and nobody heard of it. */
export function nameOf({ request, made = '' }: Sent): string {
  if (isServiceCall(request)) return request.subject;
  return request.name === '' ? made : request.name;
}

/** How the name begins that the server gives to what a request creates; undefined for all others. */
export function beginningOf({ request }: Sent): string | undefined {
  if (isServiceCall(request) || request.verb !== 'create' || request.name !== '') return undefined;
  return ((request.body ?? {}) as { metadata?: { generateName?: string } }).metadata?.generateName;
}

function mayHaveMade(one: Sent, name: string): boolean {
  const beginning = beginningOf(one);
  return beginning !== undefined && one.made === undefined && name.startsWith(beginning);
}

export function isRead({ verb }: ApiRequest): boolean {
  return verb === 'get' || verb === 'list';
}

/** Of runners and scale sets; pods have phases of the same name, which are no ends of theirs. */
function phaseOf(object: ApiObject): string | undefined {
  if (object.kind === 'Pod') return undefined;
  return (object as Pick<EphemeralRunner, 'status'>).status?.phase;
}

function isFinal(phase: string | undefined): phase is string {
  return phase === 'Failed' || phase === 'Outdated';
}

/** Keys of all runners that the run had at some time; those without a set keep their names in every future. */
export function runnersOf({ sent }: Chronicle): readonly string[] {
  const keys = sent.flatMap((one) => {
    const { request } = one;
    if (isServiceCall(request) || request.resource !== EphemeralRunners || nameOf(one) === '') return [];
    return [`${request.namespace}/${nameOf(one)}`];
  });
  return [...new Set(keys)];
}

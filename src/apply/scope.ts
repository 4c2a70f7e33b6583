import type { Disposable } from '../base/disposable.ts';
import type { ApiReply, ApiRequest, Cluster, WatchHandler } from '../kubernetes/cluster.ts';
import { EphemeralRunners, type Resource } from '../kubernetes/resource.ts';
import { parseLabelSelector } from '../kubernetes/selector.ts';
import type { ApiObject, ObjectMeta } from '../kubernetes/types.ts';

/** The runners of a session; all by default. */
export interface Scope {
  /** Name of their EphemeralRunnerSet or AutoscalingRunnerSet. */
  readonly runnerSet?: string;
  /** Selector of their labels. */
  readonly selector?: string;
}

type Includes = (runner: { readonly metadata: ObjectMeta }) => boolean;

const SCALE_SET_LABEL = 'actions.github.com/scale-set-name';

/** @throws ApiError 400 for text that is no selector */
export function includesOf({ runnerSet, selector }: Scope): Includes {
  const selects = selector === undefined ? undefined : parseLabelSelector(selector);
  return ({ metadata }) => {
    if (selects !== undefined && !selects(metadata.labels)) return false;
    if (runnerSet === undefined) return true;
    if (metadata.labels?.[SCALE_SET_LABEL] === runnerSet) return true;
    return (metadata.ownerReferences ?? []).some(
      ({ kind, name }) => kind === 'EphemeralRunnerSet' && name === runnerSet,
    );
  };
}

/** For people; '' where all are meant. */
export function scopeText({ runnerSet, selector }: Scope): string {
  const parts = [];
  if (runnerSet !== undefined) parts.push(`of runner set ${runnerSet}`);
  if (selector !== undefined) parts.push(`with labels ${selector}`);
  return parts.join(' ');
}

/** A cluster whose watchers see no other runners than those of a scope: one that leaves it is gone for them. */
export function scopedCluster(inner: Cluster, includes: Includes): Cluster {
  return {
    send: (request: ApiRequest, done: (reply: ApiReply) => void): void => inner.send(request, done),
    watch: <T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable =>
      inner.watch(
        resource,
        namespace,
        (resource as Resource) === (EphemeralRunners as Resource) ? scoped(handler, includes) : handler,
      ),
  };
}

function scoped<T extends ApiObject>(handler: WatchHandler<T>, includes: Includes): WatchHandler<T> {
  const shown = new Set<string>();
  const put = (key: string, object: T): void => {
    const wasShown = shown.has(key);
    if (includes(object)) {
      shown.add(key);
      if (wasShown) handler.onModified(key, object);
      else handler.onAdded(key, object);
    } else if (shown.delete(key)) handler.onDeleted(key, object);
  };
  return {
    onList: (items) => {
      const included = new Map([...items].filter(([, object]) => includes(object)));
      shown.clear();
      for (const key of included.keys()) shown.add(key);
      handler.onList(included);
    },
    onAdded: put,
    onModified: put,
    onDeleted: (key, lastState) => {
      if (shown.delete(key)) handler.onDeleted(key, lastState);
    },
    ...(handler.onError === undefined ? {} : { onError: (error) => handler.onError?.(error) }),
  };
}

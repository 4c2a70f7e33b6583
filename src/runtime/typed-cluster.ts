import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster, WatchHandler } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';

/** Between two lists that failed: client-go's reflector waits twice as long each time. */
const FIRST_RETRY_US = 800_000;
const LONGEST_RETRY_US = 30_000_000;

/** Why an object cannot be read; undefined where it can. */
type Unreadable<T> = (object: T) => string | undefined;

/**
 * A cluster as a client sees it that has a type for the objects of one kind: one that does not fit makes the list of all
 * fail, and a cache that has no list keeps its controllers from starting. The list is tried again for ever; here only when
 * something has changed, at the time at which the next try would come.
 */
export class TypedCluster<Typed extends ApiObject> implements Cluster {
  readonly #clock: Clock;
  readonly #cluster: Cluster;
  readonly #typed: Resource<Typed>;
  readonly #unreadable: Unreadable<Typed>;

  constructor(clock: Clock, cluster: Cluster, typed: Resource<Typed>, unreadable: Unreadable<Typed>) {
    this.#clock = clock;
    this.#cluster = cluster;
    this.#typed = typed;
    this.#unreadable = unreadable;
  }

  send(request: ApiRequest, done: (reply: ApiReply) => void): void {
    this.#cluster.send(request, done);
  }

  watch<T extends ApiObject>(resource: Resource<T>, namespace: string, handler: WatchHandler<T>): Disposable {
    if (resource.plural !== this.#typed.plural) return this.#cluster.watch(resource, namespace, handler);
    const watch = (inner: WatchHandler<Typed>): Disposable => this.#cluster.watch(this.#typed, namespace, inner);
    return new TypedWatch(this.#clock, watch, this.#unreadable, handler as unknown as WatchHandler<Typed>);
  }
}

class TypedWatch<T extends ApiObject> implements Disposable {
  readonly #clock: Clock;
  readonly #watch: (handler: WatchHandler<T>) => Disposable;
  readonly #unreadable: Unreadable<T>;
  readonly #handler: WatchHandler<T>;
  /** Of the objects that cannot be read. */
  readonly #keys = new Set<string>();
  #watching: Disposable;
  /** Since when lists fail; undefined while they do not. */
  #failingSinceUs: number | undefined;
  #isDisposed = false;

  constructor(
    clock: Clock,
    watch: (handler: WatchHandler<T>) => Disposable,
    unreadable: Unreadable<T>,
    handler: WatchHandler<T>,
  ) {
    this.#clock = clock;
    this.#watch = watch;
    this.#unreadable = unreadable;
    this.#handler = handler;
    this.#watching = this.#begin();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#watching.dispose();
  }

  #begin(): Disposable {
    return this.#watch({
      onList: (items) => {
        this.#keys.clear();
        for (const [key, object] of items) this.#look(key, object);
        if (this.#failingSinceUs === undefined) this.#handler.onList(items);
      },
      onAdded: (key, object) => {
        if (this.#look(key, object)) this.#handler.onAdded(key, object);
      },
      onModified: (key, object) => {
        if (this.#look(key, object)) this.#handler.onModified(key, object);
      },
      onDeleted: (key, lastState) => {
        this.#keys.delete(key);
        if (this.#failingSinceUs === undefined) this.#handler.onDeleted(key, lastState);
        else this.#tryAgain();
      },
      onError: (error) => this.#handler.onError?.(error),
    });
  }

  /** Whether an event of the object can be told. */
  #look(key: string, object: T): boolean {
    const why = this.#unreadable(object);
    if (why === undefined) {
      if (this.#failingSinceUs === undefined) return true;
      this.#keys.delete(key);
      this.#tryAgain();
      return false;
    }
    this.#keys.add(key);
    this.#failingSinceUs ??= this.#clock.nowUs();
    this.#handler.onError?.(new ApiError(0, 'Unknown', `${why} (${key})`));
    return false;
  }

  #tryAgain(): void {
    const sinceUs = this.#failingSinceUs;
    if (sinceUs === undefined || this.#keys.size > 0) return;
    this.#failingSinceUs = undefined;
    this.#watching.dispose();
    const list = (): void => {
      if (!this.#isDisposed) this.#watching = this.#begin();
    };
    this.#clock.schedule(untilNextTryUs(this.#clock.nowUs() - sinceUs), list, undefined);
  }
}

/** @param failingUs for how long lists have failed */
function untilNextTryUs(failingUs: number): number {
  let tryUs = 0;
  for (let waitUs = FIRST_RETRY_US; tryUs <= failingUs; waitUs = Math.min(2 * waitUs, LONGEST_RETRY_US))
    tryUs += waitUs;
  return tryUs - failingUs;
}

import type { Disposable } from '../base/disposable.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { EventBoundary } from './event-boundary.ts';
import { Informer } from './informer.ts';

export interface CachesOptions {
  readonly cluster: Cluster;
  /** Namespace to watch; all for ''. */
  readonly namespace: string;
  /** A list or watch failed; it is tried again. */
  readonly onWatchError?: ((resource: Resource, error: ApiError) => void) | undefined;
  /** A listener of a cache threw; the others have heard of the event all the same. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

/** The objects that a process knows: one informer, and so one watch, for each kind, shared by all controllers. */
export class Caches implements Disposable {
  readonly boundary = new EventBoundary();
  readonly #options: CachesOptions;
  readonly #informers = new Map<Resource, Informer<ApiObject>>();
  /** The same by ordinal of the kind. */
  readonly #byOrdinal: (Informer<ApiObject> | undefined)[] = [];

  constructor(options: CachesOptions) {
    this.#options = options;
  }

  /** The kinds that are watched. */
  get kinds(): readonly Resource[] {
    return [...this.#informers.keys()];
  }

  /** The informer of a kind; the first to ask for it begins the watch. */
  inform<T extends ApiObject>(resource: Resource<T>): Informer<T> {
    let informer = this.#informers.get(resource) as Informer<T> | undefined;
    if (informer === undefined) {
      const { cluster, namespace, onWatchError, onListenerError } = this.#options;
      informer = new Informer(cluster, resource, {
        namespace,
        boundary: this.boundary,
        onError: (error) => onWatchError?.(resource, error),
        onListenerError,
      });
      this.#informers.set(resource, informer as unknown as Informer<ApiObject>);
      this.#byOrdinal[resource.ordinal] = informer as unknown as Informer<ApiObject>;
    }
    return informer;
  }

  /**
   * The informer of a kind that is watched.
   * @throws Error for any other: a copy that was never filled would pass for an empty cluster
   */
  of<T extends ApiObject>(resource: Resource<T>): Informer<T> {
    const informer = this.#byOrdinal[resource.ordinal] as Informer<T> | undefined;
    if (informer === undefined) {
      throw new Error(`${resource.plural} are not cached: a controller that reads them has to declare them.`);
    }
    return informer;
  }

  /** Whether every kind has its first list. */
  get synced(): boolean {
    return [...this.#informers.values()].every(({ synced }) => synced);
  }

  /** Calls back when all of the kinds have their first list. */
  whenSynced(kinds: readonly Resource[], callback: () => void): void {
    const [first, ...rest] = kinds;
    if (first === undefined) callback();
    else this.of(first).whenSynced(() => this.whenSynced(rest, callback));
  }

  dispose(): void {
    for (const informer of this.#informers.values()) informer.dispose();
  }
}

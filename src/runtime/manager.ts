import type { Clock } from '../base/clock.ts';
import { DisposableList, type Disposable } from '../base/events.ts';
import type { HttpTransport } from '../base/http.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import { controllerOf, type ApiObject } from '../kubernetes/types.ts';
import { ClusterDriver } from './cluster-driver.ts';
import { Controller } from './controller.ts';
import type { Reconcile } from './effects.ts';
import { Informer, type InformerEvent, type InformerListener } from './informer.ts';
import type { PassObserver } from './observer.ts';
import type { Driver } from './pass.ts';
import type { BackoffOptions } from './rate-limiter.ts';
import type { Trigger } from './work-queue.ts';

export interface ManagerOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly http: HttpTransport;
  /** Namespace to watch; all for ''. */
  readonly namespace: string;
  readonly reconcile: (key: string) => Reconcile;
  /** The kind whose objects are reconciled. */
  readonly primary: Resource;
  /** The kind whose objects wake the primary object that is their controller. */
  readonly owned: Resource;
  /** Label by which passes list owned objects. */
  readonly ownedLabelIndex: string;
  readonly workers: number;
  readonly qps: number;
  readonly burst: number;
  readonly epochMs: number;
  readonly backoff?: BackoffOptions;
  readonly observer?: PassObserver;
  /** Fills the caches and reconciles nothing until release(). */
  readonly held?: boolean;
  /** Puts another driver in front, for example one that injects faults. */
  readonly wrapDriver?: (driver: Driver) => Driver;
  /** A list or watch failed; it is tried again. */
  readonly onWatchError?: (resource: Resource, error: ApiError) => void;
}

const OWNED_TRIGGER: Readonly<Record<InformerEvent, Trigger>> = {
  added: 'pod-added',
  updated: 'pod-updated',
  deleted: 'pod-deleted',
};
const PRIMARY_TRIGGER: Readonly<Record<InformerEvent, Trigger>> = {
  added: 'runner-added',
  updated: 'runner-updated',
  deleted: 'runner-deleted',
};

/**
 * What controller-runtime's manager does for one controller: fills the caches, turns events into queued keys and lets
 * workers begin when every cache has its first list. A list after a lost watch repeats objects that have not changed; like
 * upstream's predicate the manager drops these.
 */
export class Manager implements Disposable {
  readonly controller: Controller;
  readonly primary: Informer<ApiObject>;
  readonly owned: Informer<ApiObject>;
  readonly #primaryKind: Resource;
  readonly #disposables = new DisposableList();
  #held: boolean;

  constructor(options: ManagerOptions) {
    const { clock, cluster, primary, owned, namespace, onWatchError } = options;
    const informers = new Map<Resource, Informer<ApiObject>>();
    const inform = (resource: Resource, labelIndex?: string): Informer<ApiObject> => {
      const informer = new Informer(cluster, resource, {
        namespace,
        ...(labelIndex === undefined ? {} : { labelIndex }),
        ...(onWatchError === undefined ? {} : { onError: (error: ApiError) => onWatchError(resource, error) }),
      });
      informers.set(resource, informer);
      return this.#disposables.add(informer);
    };
    this.#primaryKind = primary;
    this.#held = options.held === true;
    this.primary = inform(primary);
    this.owned = inform(owned, options.ownedLabelIndex);

    const driver = new ClusterDriver({ ...options, informers });
    this.controller = new Controller({
      clock,
      driver: options.wrapDriver?.(driver) ?? driver,
      reconcile: options.reconcile,
      workers: options.workers,
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
      ...(options.observer === undefined ? {} : { observer: options.observer }),
    });
    const { queue } = this.controller;
    const onPrimary: InformerListener<ApiObject> = (event, key, object, before) => {
      if (this.#held) return;
      if (event === 'updated' && isUnchanged(object, before)) return;
      queue.add(key, PRIMARY_TRIGGER[event]);
    };
    const onOwned: InformerListener<ApiObject> = (event, key, object, before) => {
      if (this.#held) return;
      if (event === 'updated' && isUnchanged(object, before)) return;
      const owner = ownerKey(key, object, primary);
      if (owner !== undefined) queue.add(owner, OWNED_TRIGGER[event]);
      if (event !== 'updated' || before.metadata.ownerReferences === object.metadata.ownerReferences) return;
      const previousOwner = ownerKey(key, before, primary);
      if (previousOwner !== undefined && previousOwner !== owner) queue.add(previousOwner, OWNED_TRIGGER[event]);
    };
    this.primary.handle(onPrimary);
    this.owned.handle(onOwned);
    this.whenSynced(() => {
      if (!this.#held) this.controller.start();
    });
  }

  /** Whether nothing is reconciled until release(). */
  get held(): boolean {
    return this.#held;
  }

  /** Calls back when every cache has its first list. */
  whenSynced(callback: () => void): void {
    this.primary.whenSynced(() => this.owned.whenSynced(callback));
  }

  /** Starts to reconcile what the caches hold, as after a first list. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    const { queue } = this.controller;
    for (const [key] of this.primary.entries()) queue.add(key, PRIMARY_TRIGGER.added);
    for (const [key, object] of this.owned.entries()) {
      const owner = ownerKey(key, object, this.#primaryKind);
      if (owner !== undefined) queue.add(owner, OWNED_TRIGGER.added);
    }
    this.whenSynced(() => this.controller.start());
  }

  /** Stops listening and waits for the passes in progress. */
  async stop(): Promise<void> {
    this.dispose();
    await this.controller.stop();
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function isUnchanged(object: ApiObject, before: ApiObject): boolean {
  return object.metadata.resourceVersion === before.metadata.resourceVersion;
}

/** Key of the object that owns this one as its controller, if that is of the primary kind. */
function ownerKey(key: string, object: ApiObject, primary: Resource): string | undefined {
  const owner = controllerOf(object.metadata);
  if (owner === undefined || owner.kind !== primary.kind || !owner.apiVersion.startsWith(`${primary.group}/`)) {
    return undefined;
  }
  // A runner's pod has the runner's name: the pod's key, made already, is its owner's key as well.
  if (owner.name === object.metadata.name) return key;
  return `${object.metadata.namespace ?? ''}/${owner.name}`;
}

import { t } from '@vscode/l10n';
import { DisposableList, type Disposable } from '../base/disposable.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { listRequest } from '../kubernetes/request.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  type Resource,
} from '../kubernetes/resource.ts';
import type { AutoscalingListener } from '../kubernetes/scale-set-types.ts';
import { splitKey, type Pod } from '../kubernetes/types.ts';
import type { ScaleSets } from '../model/scale-sets.ts';
import { Caches } from '../runtime/caches.ts';
import { Informer } from '../runtime/informer.ts';

interface AttachedAboveOptions {
  readonly cluster: Cluster;
  /** Of the runners; all for ''. */
  readonly namespace: string;
  /** Those that the controller reads anyway. */
  readonly caches: Caches;
  readonly scaleSets: ScaleSets;
}

/**
 * Reads what is above the runners of a cluster that somebody else's controllers look after. It is read to be shown: what may
 * not be read is left out, and said.
 */
export class AttachedAbove implements Disposable {
  readonly #options: AttachedAboveOptions;
  readonly #caches: Caches;
  readonly #unreadable: string[] = [];
  readonly #informers = new DisposableList();
  /** Namespaces whose pods are read besides those of the runners. */
  readonly #podsIn = new Map<string, Informer<Pod> | undefined>();
  #isOver = false;

  constructor(options: AttachedAboveOptions) {
    this.#options = options;
    const { cluster, namespace } = options;
    this.#caches = new Caches({ cluster, namespace });
    void this.#read();
  }

  /** What may not be read and what follows from it, in a sentence; empty where nothing is missing. */
  get unreadable(): string {
    const [first] = this.#unreadable;
    if (first === undefined) return '';
    const kinds = this.#unreadable.join(', ');
    return t('May not be read: {0}. Runners are shown without them; it takes the right to list and watch them.', kinds);
  }

  dispose(): void {
    this.#isOver = true;
    this.#caches.dispose();
    this.#informers.dispose();
  }

  async #read(): Promise<void> {
    const { namespace, caches, scaleSets } = this.#options;
    const [hasScaleSets, hasSets, listenersIn] = await Promise.all([
      this.#mayRead(AutoscalingRunnerSets, namespace),
      this.#mayRead(EphemeralRunnerSets, namespace),
      this.#listenersIn(),
    ]);
    if (this.#isOver) return;
    const listeners = listenersIn === undefined ? undefined : this.#listeners(listenersIn);
    scaleSets.follow({
      scaleSets: hasScaleSets ? this.#caches.inform(AutoscalingRunnerSets) : undefined,
      sets: hasSets ? this.#caches.inform(EphemeralRunnerSets) : undefined,
      ...{ listeners, pods: [caches.of(Pods)], runners: caches.of(EphemeralRunners) },
      seesPodOf: (listener) => this.#seesPodsIn(splitKey(listener).namespace),
    });
  }

  /** Listeners live in the controller's namespace, which is another one than that of the runners. */
  async #listenersIn(): Promise<string | undefined> {
    const { namespace } = this.#options;
    if (namespace !== '' && (await this.#mayRead(AutoscalingListeners, '', true))) return '';
    return (await this.#mayRead(AutoscalingListeners, namespace)) ? namespace : undefined;
  }

  #listeners(namespace: string): Informer<AutoscalingListener> {
    const listeners = this.#informers.add(new Informer(this.#options.cluster, AutoscalingListeners, { namespace }));
    listeners.listen((_event, key) => void this.#readPodsIn(splitKey(key).namespace));
    return listeners;
  }

  async #readPodsIn(namespace: string): Promise<void> {
    if (this.#isOwn(namespace) || this.#podsIn.has(namespace)) return;
    this.#podsIn.set(namespace, undefined);
    if (!(await this.#mayRead(Pods, namespace)) || this.#isOver) return;
    const pods = this.#informers.add(new Informer(this.#options.cluster, Pods, { namespace }));
    this.#podsIn.set(namespace, pods);
    this.#options.scaleSets.followPods(pods);
  }

  #seesPodsIn(namespace: string): boolean {
    return this.#isOwn(namespace) || this.#podsIn.get(namespace)?.synced === true;
  }

  #isOwn(namespace: string): boolean {
    const { namespace: own } = this.#options;
    return own === '' || own === namespace;
  }

  /** A kind that is not served has no objects, which is nothing to be said. */
  #mayRead(resource: Resource, namespace: string, isTried = false): Promise<boolean> {
    return new Promise((resolve) => {
      this.#options.cluster.send(listRequest(resource, namespace), (reply) => {
        const isRefused = reply instanceof ApiError;
        if (isRefused && reply.code !== 404 && !isTried) this.#unreadable.push(whatText(resource, namespace));
        resolve(!isRefused);
      });
    });
  }
}

function whatText({ plural }: Resource, namespace: string): string {
  return namespace === '' ? plural : t('{0} in {1}', plural, namespace);
}

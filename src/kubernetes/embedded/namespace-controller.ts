import type { Clock } from '../../base/clock.ts';
import { allResources, Namespaces, type Resource } from '../resource.ts';
import type { ApiObject, Namespace } from '../types.ts';
import type { ApiServer } from './api-server.ts';

/** How often it looks whether a namespace that is going has become empty. */
const INTERVAL_US = 100_000;

/** Empties namespaces that are being deleted and then lets them go, as the controller-manager does. */
export class NamespaceController {
  readonly #clock: Clock;
  readonly #api: ApiServer;

  constructor(clock: Clock, api: ApiServer) {
    this.#clock = clock;
    this.#api = api;
    const namespaces = api.store.of(Namespaces);
    for (const { object } of namespaces.entries()) this.#see(object);
    namespaces.listen((type, _entry, object) => {
      if (type === 'modified') this.#see(object);
    });
  }

  #see({ metadata }: ApiObject): void {
    if (metadata.deletionTimestamp !== undefined) this.#emptyLater(metadata.name);
  }

  #emptyLater(name: string): void {
    this.#clock.schedule(INTERVAL_US, (due) => this.#empty(due), name);
  }

  #empty(name: string): void {
    const namespace: Namespace | undefined = this.#api.store.of(Namespaces).find('', name)?.object;
    if (namespace?.metadata.deletionTimestamp === undefined || namespace.spec?.finalizers === undefined) return;
    const left = allResources.flatMap((resource) =>
      resource.namespaced ? this.#contentOf(resource, name).map((object) => ({ resource, object })) : [],
    );
    for (const { resource, object } of left) {
      const at = { resource, namespace: name, name: object.metadata.name, subresource: '' } as const;
      if (object.metadata.deletionTimestamp === undefined) this.#api.delete(at, {});
    }
    if (left.length > 0) {
      this.#emptyLater(name);
      return;
    }
    const at = { resource: Namespaces, namespace: '', name, subresource: '' } as const;
    this.#api.modify(at, (current) => ({ ...current, spec: {} }) as ApiObject);
  }

  #contentOf(resource: Resource, namespace: string): ApiObject[] {
    const objects = [...this.#api.store.of(resource).entries()].map(({ object }) => object);
    return objects.filter(({ metadata }) => metadata.namespace === namespace);
  }
}

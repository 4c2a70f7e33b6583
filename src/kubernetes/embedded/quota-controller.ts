import type { Clock } from '../../base/clock.ts';
import { deepEqual } from '../merge-patch.ts';
import { Pods, ResourceQuotas } from '../resource.ts';
import type { ApiObject, ResourceQuota } from '../types.ts';
import type { ApiServer } from './api-server.ts';
import { POD_COUNTS, podsUsed } from './quota.ts';

const DELAY_US = 20_000;

/** Writes into quotas how much of them is used, as the controller-manager does: pods, which are all that is counted. */
export class QuotaController {
  readonly #clock: Clock;
  readonly #api: ApiServer;
  #isScheduled = false;

  constructor(clock: Clock, api: ApiServer) {
    this.#clock = clock;
    this.#api = api;
    const quotas = api.store.of(ResourceQuotas);
    quotas.listen((type) => {
      if (type !== 'deleted') this.#recountLater();
    });
    api.store.of(Pods).listen(() => {
      if (quotas.size > 0) this.#recountLater();
    });
  }

  #recountLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.schedule(DELAY_US, () => this.#recount(), undefined);
  }

  #recount(): void {
    this.#isScheduled = false;
    for (const { object } of [...this.#api.store.of(ResourceQuotas).entries()]) {
      const quota = object as ResourceQuota;
      const { namespace = '', name } = quota.metadata;
      const hard = quota.spec?.hard ?? {};
      const used: Record<string, string> = {};
      for (const resource of POD_COUNTS) {
        if (hard[resource] !== undefined) used[resource] = String(podsUsed(this.#api.store, namespace));
      }
      const status = { hard, used };
      if (deepEqual(quota.status, status)) continue;
      const at = { resource: ResourceQuotas, namespace, name, subresource: 'status' } as const;
      this.#api.modify(at, (current) => ({ ...current, status }) as ApiObject);
    }
  }
}

import { forbidden } from '../api-error.ts';
import { Pods, ResourceQuotas } from '../resource.ts';
import type { Pod, ResourceQuota } from '../types.ts';
import { quantityValue } from './schema/quantity.ts';
import type { ObjectStore } from './store.ts';

/** Under both names the number of pods that have not ended is limited. */
export const POD_COUNTS = ['pods', 'count/pods'] as const;

/**
 * Pods are the only thing the embedded cluster counts; limits of other resources are stored and not enforced.
 * @param elsewhere pods that count besides those of the store
 * @throws ApiError 403 when one more pod would be too many
 */
export function checkPodQuota(store: ObjectStore, namespace: string, name: string, elsewhere = 0): void {
  const quotas = store.of(ResourceQuotas);
  if (quotas.size === 0) return;
  for (const { object } of quotas.entries()) {
    if (object.metadata.namespace !== namespace) continue;
    const { hard } = (object as ResourceQuota).spec ?? {};
    for (const resource of POD_COUNTS) {
      const limit = hard?.[resource];
      if (limit === undefined) continue;
      const used = podsUsed(store, namespace) + elsewhere;
      if (used + 1 <= (quantityValue(limit) ?? 0)) continue;
      const counts = `requested: ${resource}=1, used: ${resource}=${used}, limited: ${resource}=${limit}`;
      throw forbidden(Pods, name, `exceeded quota: ${object.metadata.name}, ${counts}`);
    }
  }
}

export function podsUsed(store: ObjectStore, namespace: string): number {
  let used = 0;
  for (const { object } of store.of(Pods).entries()) {
    const { phase } = (object as Pod).status ?? {};
    if (object.metadata.namespace === namespace && phase !== 'Succeeded' && phase !== 'Failed') used++;
  }
  return used;
}

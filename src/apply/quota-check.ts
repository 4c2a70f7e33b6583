import { podsText, runnersText } from '../base/count-words.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { pathOf, ResourceQuotas } from '../kubernetes/resource.ts';
import type { ResourceQuota } from '../kubernetes/types.ts';
import { passed, warned, type Check } from './check.ts';

/** Whether the quotas of a namespace (all for '') leave room for the pods of this many runners. */
export async function quotaChecks(
  transport: Pick<ApiTransport, 'json'>,
  namespace: string,
  runners: number,
): Promise<Check[]> {
  const name = 'Quota';
  let quotas: readonly ResourceQuota[];
  try {
    quotas = ((await transport.json('GET', pathOf(ResourceQuotas, namespace))) as { items: ResourceQuota[] }).items;
  } catch (error) {
    const isForbidden = error instanceof ApiError && error.code === 403;
    const says = isForbidden ? 'quotas may not be listed' : `quotas could not be listed: ${(error as Error).message}`;
    return [warned(name, says, 'a pod that a quota forbids fails its runner at once')];
  }
  const tight: Check[] = [];
  for (const { metadata, status } of quotas) {
    for (const [resource, hard] of Object.entries(status?.hard ?? {})) {
      if (resource !== 'pods' && resource !== 'count/pods') continue;
      const used = Number(status?.used?.[resource] ?? 0);
      if (used + runners <= Number(hard)) continue;
      const says = `${metadata.name} allows ${podsText(Number(hard))} and has ${used}; ${runnersText(runners)} may want more`;
      tight.push(warned(name, says, 'a pod that a quota forbids fails its runner at once: raise the quota'));
    }
  }
  return tight.length > 0 ? tight : [passed(name, 'no quota of pods stands in the way')];
}

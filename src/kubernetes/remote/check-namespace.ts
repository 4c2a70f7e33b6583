import { ApiError, isNotFound } from '../api-error.ts';
import { EphemeralRunners, Namespaces, pathOf } from '../resource.ts';
import type { EphemeralRunner } from '../types.ts';
import { PreflightError } from './preflight.ts';
import type { ApiTransport } from './transport.ts';

/** Enough to learn where runners are. */
const LOOKED_AT = 500;
const MOST_NAMED = 5;

/**
 * Checks that a namespace exists, if the user may read it: a watch of one that does not exist never reports anything.
 * @param namespace to be checked; all for ''
 * @throws PreflightError with one sentence that names the namespaces where runners are
 */
export async function checkNamespace(transport: ApiTransport, contextName: string, namespace: string): Promise<void> {
  if (namespace === '') return;
  try {
    await transport.json('GET', pathOf(Namespaces, '', namespace));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Who may not look, or finds no server, learns that from what else is asked.
    if (!isNotFound(error)) return;
    const others = await namespacesWithRunners(transport);
    const where = others.length === 0 ? '' : `; EphemeralRunners are in ${others.join(', ')}`;
    throw new PreflightError(`namespace ${namespace} does not exist on ${contextName}${where}`);
  }
}

async function namespacesWithRunners(transport: ApiTransport): Promise<string[]> {
  try {
    const list = await transport.json('GET', `${pathOf(EphemeralRunners)}?limit=${LOOKED_AT}`);
    const { items } = list as { items?: readonly EphemeralRunner[] | null };
    const names = [...new Set((items ?? []).map(({ metadata }) => metadata.namespace ?? ''))].sort();
    return names.length <= MOST_NAMED ? names : [...names.slice(0, MOST_NAMED), 'and others'];
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

import { SecretRegistry } from '../../base/redact.ts';
import { openKubeconfig } from './kubeconfig.ts';
import { listAllowed } from './list-allowed.ts';
import { ApiTransport } from './transport.ts';
import { EphemeralRunners, Namespaces, pathOf } from '../resource.ts';

export interface NamespaceSummary {
  readonly name: string;
  readonly runners: number;
}

interface Listed {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Runners are counted up to this many; a cluster with more has them in the first namespaces as well. */
const COUNTED = 500;

/**
 * The namespaces of a context, those that hold EphemeralRunners first, then by name. Where a user may not list them,
 * the context's own is the only one.
 * @throws KubeconfigError, ApiError when the server cannot be reached
 */
export async function listNamespaces(kubeconfig: string | undefined, context: string): Promise<NamespaceSummary[]> {
  const access = await openKubeconfig({ secrets: new SecretRegistry(), file: kubeconfig, context });
  const transport = new ApiTransport(access);
  try {
    const counts = new Map<string, number>([[access.namespace, 0]]);
    for (const { metadata } of (await listAllowed<Listed>(transport, pathOf(Namespaces, ''))) ?? []) {
      counts.set(metadata.name, 0);
    }
    const runners = await listAllowed<Listed>(transport, `${pathOf(EphemeralRunners, '')}?limit=${COUNTED}`);
    for (const { metadata } of runners ?? []) {
      const namespace = metadata.namespace ?? '';
      counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    }
    const summaries = [...counts].map(([name, count]) => ({ name, runners: count }));
    return summaries.sort((a, b) => b.runners - a.runners || a.name.localeCompare(b.name));
  } finally {
    transport.close();
  }
}

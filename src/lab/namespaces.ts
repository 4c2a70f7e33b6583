import { SecretRegistry } from '../base/redact.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { openKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { EphemeralRunners, Namespaces, pathOf } from '../kubernetes/resource.ts';

export interface NamespaceSummary {
  readonly name: string;
  readonly runners: number;
}

interface List {
  readonly items?: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}

/** Runners are counted up to this many; a cluster with more has them in the first namespaces as well. */
const COUNTED = 500;

/**
 * The namespaces of a context, those that hold EphemeralRunners first, then by name. Where a user may not list them,
 * the context's own is the only one.
 * @throws KubeconfigError, ApiError when the server cannot be reached
 */
export async function listNamespaces(kubeconfig: string | undefined, context: string): Promise<NamespaceSummary[]> {
  const access = await openKubeconfig({
    context,
    secrets: new SecretRegistry(),
    ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
  });
  const transport = new ApiTransport(access);
  try {
    const counts = new Map<string, number>([[access.namespace, 0]]);
    for (const { metadata } of (await listOrNothing(transport, pathOf(Namespaces, ''))).items ?? []) {
      counts.set(metadata.name, 0);
    }
    const runners = await listOrNothing(transport, `${pathOf(EphemeralRunners, '')}?limit=${COUNTED}`);
    for (const { metadata } of runners.items ?? []) {
      const namespace = metadata.namespace ?? '';
      counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    }
    const summaries = [...counts].map(([name, count]) => ({ name, runners: count }));
    return summaries.sort((a, b) => b.runners - a.runners || a.name.localeCompare(b.name));
  } finally {
    transport.close();
  }
}

async function listOrNothing(transport: ApiTransport, path: string): Promise<List> {
  try {
    return (await transport.json('GET', path)) as List;
  } catch (error) {
    if (error instanceof ApiError && (error.code === 403 || error.code === 404)) return {};
    throw error;
  }
}

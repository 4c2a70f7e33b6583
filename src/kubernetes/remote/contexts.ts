import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { kubeconfigFiles, KubeconfigError } from './kubeconfig-files.ts';

/** A context of a kubeconfig, as far as choosing one needs it. */
export interface ContextSummary {
  readonly name: string;
  readonly server: string;
  readonly namespace: string;
  readonly isCurrent: boolean;
}

interface RawKubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { readonly name: string; readonly context?: { cluster?: string; namespace?: string } }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster?: { server?: string } }[];
}

/**
 * Lists a kubeconfig's contexts without loading what talks to clusters.
 * @param file otherwise $KUBECONFIG, then ~/.kube/config
 * @throws KubeconfigError
 */
export async function listContexts(file?: string): Promise<ContextSummary[]> {
  const contexts = new Map<string, ContextSummary>();
  let current: string | undefined;
  for (const path of kubeconfigFiles(file)) {
    let raw: RawKubeconfig | null;
    try {
      raw = parse(await readFile(path, 'utf8')) as RawKubeconfig | null;
    } catch (error) {
      const why = (error as Error).message.split('\n')[0] ?? '';
      throw new KubeconfigError(`the kubeconfig ${path} cannot be read: ${why}`);
    }
    current ??= raw?.['current-context'];
    const clusters = listOf(raw?.clusters);
    for (const { name, context } of listOf(raw?.contexts)) {
      const server = clusters.find((cluster) => cluster.name === context?.cluster)?.cluster?.server ?? '';
      if (contexts.has(name)) continue;
      contexts.set(name, { name, server, namespace: context?.namespace ?? 'default', isCurrent: name === current });
    }
  }
  return [...contexts.values()];
}

/** Files are written by people: what should be a list may be anything. */
function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [];
}

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { systemProblem } from '../../base/system-problem.ts';
import { kubeconfigFiles, KubeconfigError } from './kubeconfig-files.ts';

/** What a person needs to choose a context of a kubeconfig. */
export interface ContextSummary {
  readonly name: string;
  readonly server: string;
  readonly namespace: string;
  readonly isCurrent: boolean;
  /** The program that is run for this context's credentials, with its arguments; undefined where none is. */
  readonly runs: string | undefined;
}

/** As far as it is looked at; files are written by people, and anything may be anything. */
interface RawKubeconfig {
  readonly 'current-context'?: unknown;
  readonly contexts?: unknown;
  readonly clusters?: unknown;
  readonly users?: unknown;
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
      // What is merely odd in it is nobody's concern here.
      raw = parse(await readFile(path, 'utf8'), { logLevel: 'error' }) as RawKubeconfig | null;
    } catch (error) {
      throw new KubeconfigError(`the kubeconfig ${path} cannot be read: ${systemProblem(error)}`);
    }
    if (typeof raw?.['current-context'] === 'string') current ??= raw['current-context'];
    const clusters = named(raw?.clusters, 'cluster');
    const users = named(raw?.users, 'user');
    for (const { name, entry } of named(raw?.contexts, 'context')) {
      if (contexts.has(name)) continue;
      const cluster = clusters.find((one) => one.name === entry['cluster'])?.entry;
      const server = stringOr(cluster?.['server'], '');
      const namespace = stringOr(entry['namespace'], 'default');
      const runs = programOf(users.find((one) => one.name === entry['user'])?.entry);
      contexts.set(name, { name, server, namespace, isCurrent: name === current, runs });
    }
  }
  return [...contexts.values()];
}

/** The entries of one of the lists that a kubeconfig is made of, those that have a name. */
function named(value: unknown, field: string): { readonly name: string; readonly entry: JsonObject }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((element: unknown) => {
    if (!isJsonObject(element) || typeof element['name'] !== 'string') return [];
    const entry = element[field];
    return [{ name: element['name'], entry: isJsonObject(entry) ? entry : {} }];
  });
}

/** An exec plugin, or the command of one of the old authentication providers. */
function programOf(user: JsonObject | undefined): string | undefined {
  const exec = user?.['exec'];
  if (isJsonObject(exec)) {
    const args: readonly unknown[] = Array.isArray(exec['args']) ? exec['args'] : [];
    return [stringOr(exec['command'], '(no command)'), ...args.map(String)].join(' ');
  }
  const provider = user?.['auth-provider'];
  const config = isJsonObject(provider) ? provider['config'] : undefined;
  if (!isJsonObject(config) || config['cmd-path'] === undefined) return undefined;
  return `${stringOr(config['cmd-path'], '(no command)')} ${stringOr(config['cmd-args'], '')}`.trim();
}

function stringOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

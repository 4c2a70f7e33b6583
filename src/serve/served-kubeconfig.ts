import { parse } from 'yaml';
import { isJsonObject } from '../base/json.ts';

/** Far more than a kubeconfig needs. */
const MOST_ALIASES = 100;

/**
 * Whether `arc-lab serve` wrote this kubeconfig, and nobody has put anything else into it: every cluster, and that of every
 * context, is its own. kubectl writes the file as YAML once it has changed it.
 */
export function isServedKubeconfig(text: string): boolean {
  const config = parsed(text);
  if (!isJsonObject(config) || config['kind'] !== 'Config') return false;
  const [clusters, contexts] = [config['clusters'], config['contexts']];
  return (
    Array.isArray(clusters) &&
    Array.isArray(contexts) &&
    clusters.length === 1 &&
    nameOf(clusters[0]) === 'arc-lab' &&
    contexts.length > 0 &&
    contexts.every((context) => /^arc-lab(-|$)/.test(nameOf(context)))
  );
}

function nameOf(entry: unknown): string {
  return isJsonObject(entry) && typeof entry['name'] === 'string' ? entry['name'] : '';
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error', maxAliasCount: MOST_ALIASES });
  } catch {
    return undefined;
  }
}

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A kubeconfig that cannot be used, with the sentence to show for it. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
}

/** No file was named and none is where kubeconfigs usually are. The caller adds how to name one. */
export class NoKubeconfigError extends KubeconfigError {}

/**
 * The files that make up the kubeconfig: the one named, otherwise those of $KUBECONFIG, then ~/.kube/config.
 * @throws KubeconfigError where there is none
 */
export function kubeconfigFiles(file: string | undefined): string[] {
  if (file !== undefined) {
    if (!existsSync(file)) throw new KubeconfigError(`no kubeconfig found at ${file}`);
    return [file];
  }
  const fromEnvironment = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  const candidates = fromEnvironment.length > 0 ? fromEnvironment : [join(homedir(), '.kube', 'config')];
  const existing = candidates.filter((path) => existsSync(path));
  if (existing.length === 0) {
    throw new NoKubeconfigError(`no kubeconfig found at ${candidates.join(', ')}`);
  }
  return existing;
}

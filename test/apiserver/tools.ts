import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Finds or builds the real kube-apiserver and etcd. */
export interface ApiServerTools {
  readonly apiserver: string;
  readonly etcd: string;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/apiserver/', import.meta.url));
const VERSION = 'v1.34.4';

/** Why the real API server cannot be had here; undefined when it can. */
export function missingTool(): string | undefined {
  if (fromAssets() !== undefined) return undefined;
  if (which('etcd') === undefined) return 'etcd is not installed (Debian: apt-get install etcd-server)';
  if (!existsSync(binaryPath()) && which('go') === undefined) return 'Go is not installed, which builds kube-apiserver';
  return undefined;
}

/**
 * Builds kube-apiserver from its Go module if that has not been done yet; 4 to 5 minutes on two cores, then cached.
 * @throws Error with the build's output
 */
export function apiServerTools(): ApiServerTools {
  const assets = fromAssets();
  if (assets !== undefined) return assets;
  const apiserver = binaryPath();
  if (!existsSync(apiserver)) {
    mkdirSync(CACHE, { recursive: true });
    process.stderr.write('building kube-apiserver from its Go module; this takes some minutes once …\n');
    const stamp = 'k8s.io/component-base/version';
    const flags = `-s -w -X ${stamp}.gitVersion=${VERSION} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=34`;
    const unfinished = `${apiserver}.unfinished`;
    execFileSync('go', ['build', '-trimpath', '-ldflags', flags, '-o', unfinished, '.'], {
      cwd: HERE,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    renameSync(unfinished, apiserver);
  }
  return { apiserver, etcd: which('etcd') as string };
}

function binaryPath(): string {
  const inputs = ['go.mod', 'go.sum', 'main.go'].map((file) => readFileSync(join(HERE, file)));
  const key = createHash('sha256').update(Buffer.concat(inputs)).digest('hex').slice(0, 12);
  return join(CACHE, `kube-apiserver-${key}`);
}

function fromAssets(): ApiServerTools | undefined {
  const folder = process.env['KUBEBUILDER_ASSETS'];
  if (folder === undefined || folder === '') return undefined;
  const [apiserver, etcd] = [join(folder, 'kube-apiserver'), join(folder, 'etcd')];
  return existsSync(apiserver) && existsSync(etcd) ? { apiserver, etcd } : undefined;
}

export function which(program: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const path = join(folder, program);
    if (folder !== '' && existsSync(path)) return path;
  }
  return undefined;
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { which } from '../apiserver/tools.ts';
import { goProgram } from '../builders/go-program.ts';

const VERSION_STAMP = 'k8s.io/component-base/version';
const VERSION_FLAGS = `-s -w -X ${VERSION_STAMP}.gitVersion=v1.34.4 -X ${VERSION_STAMP}.gitMajor=1 -X ${VERSION_STAMP}.gitMinor=34`;

/** Why kubectl cannot be had here; undefined when it can. */
export function missingKubectl(): string | undefined {
  if (found() !== undefined || which('go') !== undefined) return undefined;
  return 'kubectl is not installed, nor is Go, which builds it';
}

/** The real kubectl: of KUBEBUILDER_ASSETS, of the PATH, or built from its Go module (a minute, once). */
export function kubectlPath(): string {
  return found() ?? goProgram('kubectl', '.', VERSION_FLAGS);
}

function found(): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const inAssets = assets === undefined ? undefined : join(assets, 'kubectl');
  return inAssets !== undefined && existsSync(inAssets) ? inAssets : which('kubectl');
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl as a person would; its discovery cache lies in a folder of the test's own. */
export function kubectl(
  path: string,
  kubeconfig: string,
  home: string,
  args: readonly string[],
  input?: string,
): Promise<Said> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig };
    const child = execFile(path, [...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input ?? '');
  });
}

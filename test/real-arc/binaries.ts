import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { which } from '../apiserver/tools.ts';

const CACHE = fileURLToPath(new URL('../../.cache/go/', import.meta.url));
/** The commit that the mode `latest` is. */
export const LATEST = '2ee6b3b8';

export interface ArcBinaries {
  readonly manager: string;
  readonly listener: string;
}

/** A git repository with ARC's history, which ARC_SOURCE names: nothing of ARC's source is part of this one. */
export function arcRepository(): string | undefined {
  const folder = process.env['ARC_SOURCE'];
  return folder === undefined || folder === '' ? undefined : folder;
}

/** Why ARC's own programs cannot be had or run here; undefined when they can. */
export function missingForRealArc(): string | undefined {
  const repository = arcRepository();
  if (repository === undefined) return 'ARC_SOURCE names no git repository of actions-runner-controller';
  if (!existsSync(repository)) return `ARC_SOURCE is ${repository}, which does not exist`;
  if (which('go') === undefined) return "Go is not installed, which builds ARC's programs";
  if (process.getuid?.() !== 0) return 'the listener needs a mount namespace of its own, which only root can make';
  return undefined;
}

/**
 * Builds the controller and the listener of a commit, unless that has been done: about ten minutes on two cores.
 * @throws Error with git's or the build's output
 */
export function arcBinaries(commit: string): ArcBinaries {
  const repository = arcRepository() ?? '';
  const git = (...args: string[]): Buffer => execFileSync('git', ['-C', repository, ...args], { maxBuffer: 1e9 });
  const id = git('rev-parse', `${commit}^{commit}`).toString().trim();
  const key = createHash('sha256').update(id).digest('hex').slice(0, 12);
  const binaries = { manager: join(CACHE, `arc-manager-${key}`), listener: join(CACHE, `arc-listener-${key}`) };
  if (existsSync(binaries.manager) && existsSync(binaries.listener)) return binaries;
  mkdirSync(CACHE, { recursive: true });
  const source = mkdtempSync(join(tmpdir(), 'arc-source-'));
  try {
    execFileSync('tar', ['x', '-C', source], { input: git('archive', id) });
    build(source, '.', binaries.manager);
    build(source, './cmd/ghalistener', binaries.listener);
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
  return binaries;
}

function build(source: string, program: string, binary: string): void {
  const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', `${binary}.unfinished`, program];
  execFileSync('go', args, { cwd: source, stdio: ['ignore', 'inherit', 'inherit'] });
  renameSync(`${binary}.unfinished`, binary);
}

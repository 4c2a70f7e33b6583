import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = fileURLToPath(new URL('mutants/', import.meta.url));

/** A bug that makes it run for ever is not caught, only noticed. */
const PATIENCE_MS = 60_000;

/** Names of the planted bugs, each a patch of the reconciler, the queue, the cache or what carries them. */
export function mutantNames(): string[] {
  return readdirSync(FOLDER)
    .map((file) => basename(file, '.patch'))
    .sort();
}

/**
 * Runs the campaign on a copy of the sources with a planted bug in it.
 * @returns what it said, and whether it found anything
 * @throws Error when the patch does not apply any more
 */
export function huntMutant(name: string, runs: number): { readonly caught: boolean; readonly output: string } {
  const copy = mkdtempSync(join(tmpdir(), 'arc-lab-mutant-'));
  try {
    for (const part of ['src', 'test/campaign', 'test/builders'])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
    execFileSync('git', ['apply', join(FOLDER, `${name}.patch`)], { cwd: copy, stdio: ['ignore', 'ignore', 'pipe'] });
    const args = ['test/campaign/run.ts', '--runs', String(runs), '--runners', '5', '--stop-at-first'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: copy,
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });
    return { caught: status === 1 && stdout.includes('with violations'), output: `${stdout}${stderr}` };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = fileURLToPath(new URL('mutants/', import.meta.url));
const ENDING = '.patch';

/** Those of the controllers above the runners', and of the listener: the campaign of whole scale sets has to find them. */
const OF_CHAIN = 'chain/';

/** A bug that makes it run for ever is not caught, only noticed. */
const PATIENCE_MS = 60_000;

/** Names of the planted bugs, each a patch of a reconciler, the listener, the queue, the cache or what carries them. */
export function mutantNames(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/**
 * Runs the campaign on a copy of the sources with a planted bug in it.
 * @returns what it said, and whether it found anything
 * @throws Error when the patch does not apply any more
 */
export async function huntMutant(
  name: string,
  runs: number,
): Promise<{ readonly caught: boolean; readonly output: string }> {
  const copy = mkdtempSync(join(tmpdir(), 'arc-lab-mutant-'));
  try {
    for (const part of ['src', 'test/campaign', 'test/builders'])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
    execFileSync('git', ['apply', join(FOLDER, `${name}${ENDING}`)], {
      cwd: copy,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const which = name.startsWith(OF_CHAIN) ? ['--chain'] : ['--runners', '5'];
    const { status, output } = await run(copy, [...which, '--runs', String(runs), '--stop-at-first']);
    return { caught: status === 1 && output.includes('with violations'), output };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function run(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['test/campaign/run.ts', ...args], { cwd, timeout: PATIENCE_MS });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

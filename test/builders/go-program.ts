import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../.cache/go/', import.meta.url));

/**
 * Builds one of the tests' own Go programs, unless that has been done.
 * @param module folder of the module under test/
 * @param program folder of the program within it
 * @returns path of the binary
 * @throws Error with the build's output
 */
export function goProgram(module: string, program = '.', ldflags = '-s -w'): string {
  const root = fileURLToPath(new URL(`../${module}/`, import.meta.url));
  const sources = readdirSync(join(root, program)).filter((file) => file.endsWith('.go'));
  const hash = createHash('sha256').update(ldflags);
  for (const file of ['go.mod', 'go.sum', ...sources.map((source) => join(program, source))]) {
    hash.update(readFileSync(join(root, file)));
  }
  const binary = join(CACHE, `${basename(program === '.' ? module : program)}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(binary)) return binary;
  mkdirSync(CACHE, { recursive: true });
  const args = ['build', '-trimpath', '-ldflags', ldflags, '-o', `${binary}.unfinished`, `./${program}`];
  execFileSync('go', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  renameSync(`${binary}.unfinished`, binary);
  return binary;
}

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunError } from './usage.ts';

/**
 * Makes sure that a file can be written, with the folders above it: what cannot be written is told before a run.
 * @throws RunError
 */
export function checkWritable(file: string): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, '', { flag: 'a' });
  } catch (error) {
    throw new RunError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** One level at a time: mkdir with `recursive` never returns on file systems that refuse folders, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

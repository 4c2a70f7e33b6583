import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemProblem } from '../base/system-problem.ts';
import { RunError } from './usage.ts';

/**
 * Makes sure that a file can be written, with the folders above it: a failure is reported before a run.
 * @throws RunError
 */
export function checkWritable(file: string): void {
  writing(file, () => {
    makeFolder(dirname(file));
    writeFileSync(file, '', { flag: 'a' });
  });
}

/**
 * Writes to a file by means of `write`.
 * @throws RunError that names the file where that fails
 */
export function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new RunError(`${file} cannot be written: ${systemProblem(error)}`);
  }
}

/** One level at a time: mkdir with `recursive` never returns on file systems that refuse folders, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

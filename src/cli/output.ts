import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemProblem } from '../base/system-problem.ts';
import { visibleText } from '../base/visible-text.ts';
import type { Exporter } from '../export/exporter.ts';
import { RunError, UsageError } from './usage.ts';

/** Enough to tell kinds of files apart. */
const START_BYTES = 1024;

/** Files that were not there before this process, by where links lead. */
const made = new Set<string>();

/**
 * Makes sure that a file can be written, with the folder that it is in: a failure is reported before a run. A folder that
 * was not there is named on stderr: a path may be mistyped. A file that was not there, and to which nothing is written, is
 * removed when the process ends.
 * @throws RunError
 */
export function checkWritable(file: string): void {
  writing(file, () => {
    const folder = dirname(file);
    if (makeFolder(folder)) process.stderr.write(`There was no folder ${visibleText(folder)}; it has been made.\n`);
    const isNew = !existsSync(file);
    writeFileSync(file, '', { flag: 'a' });
    if (isNew) removeIfEmpty(realpathSync(file));
  });
}

/**
 * The same for a file that an option names: an existing file of another kind is never overwritten.
 * @returns the file's full path
 * @throws UsageError, RunError
 */
export function ownOutput(option: string, name: string, own: Pick<Exporter, 'what' | 'begins'>): string {
  if (name === '-') throw new UsageError(`--${option} takes the name of a file; it does not write to standard output`);
  const file = resolve(name);
  checkWritable(file);
  writing(file, () => {
    // A device or a pipe keeps nothing.
    if (statSync(file).isFile() && !mayBeOverwritten(file, own)) {
      throw new Error(`it exists and is not ${own.what}; name another file with --${option}`);
    }
  });
  return file;
}

/** @param file is removed when the process ends, unless it has something by then */
function removeIfEmpty(file: string): void {
  if (made.size === 0) {
    process.once('exit', () => {
      for (const each of made) {
        const found = statSync(each, { throwIfNoEntry: false });
        if (found?.isFile() === true && found.size === 0) rmSync(each, { force: true });
      }
    });
  }
  made.add(file);
}

function mayBeOverwritten(file: string, { begins }: Pick<Exporter, 'begins'>): boolean {
  const start = Buffer.alloc(START_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, start);
    return length === 0 || begins.test(start.toString('utf8', 0, length));
  } finally {
    closeSync(descriptor);
  }
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

/**
 * One level and no more, and none at the root of the file system: where more is missing, the path is mistyped.
 * @returns whether it was not there
 */
function makeFolder(folder: string): boolean {
  if (existsSync(folder)) return false;
  const above = dirname(resolve(folder));
  if (!existsSync(above) || above === dirname(above)) throw new Error(`the folder ${folder} does not exist`);
  mkdirSync(folder);
  return true;
}

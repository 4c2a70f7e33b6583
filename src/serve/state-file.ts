import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isJsonObject } from '../base/json.ts';
import { systemProblem } from '../base/system-problem.ts';
import { stateOf, stateText, STATE_VERSION, type ServedState } from './served-state.ts';

/**
 * Where a served cluster's state is kept between two runs. The file is whole at any moment, readable for its owner alone
 * (it holds secrets), used by one process at a time, and never replaced unless it could be read.
 */
export class StateFile {
  /** What was kept; undefined where there was nothing yet. */
  readonly state: ServedState | undefined;
  readonly #path: string;

  /** @throws Error with a sentence when the file was not written by serve or is used by another process */
  constructor(path: string) {
    this.#path = existsSync(path) ? realpathSync(path) : path;
    this.state = readState(this.#path);
    this.#claim();
  }

  /** @throws Error with a sentence when it cannot be written; what was there before stays */
  save(state: ServedState): void {
    const unfinished = `${this.#path}.unfinished`;
    try {
      rmSync(unfinished, { force: true });
      writeOwn(unfinished, stateText(state));
      renameSync(unfinished, this.#path);
    } catch (error) {
      throw new Error(`the state cannot be written to ${this.#path}: ${systemProblem(error)}`);
    }
  }

  /** Lets another process use the file. */
  release(): void {
    rmSync(this.#lock, { force: true });
  }

  get #lock(): string {
    return `${this.#path}.lock`;
  }

  /** Two clusters that kept their state in one file would give the same ids twice. */
  #claim(): void {
    const holder = existsSync(this.#lock) ? Number(readFileSync(this.#lock, 'utf8')) : 0;
    if (isRunning(holder)) {
      throw new Error(
        `${this.#path} is used by another arc-lab serve (process ${holder}); end that one, or name another file`,
      );
    }
    rmSync(this.#lock, { force: true });
    try {
      writeOwn(this.#lock, String(process.pid));
    } catch (error) {
      throw new Error(`${this.#lock} cannot be written: ${systemProblem(error)}`);
    }
  }
}

function readState(path: string): ServedState | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (text === '') return undefined;
  const refuse = (why: string): Error =>
    new Error(`${path} cannot be read as the state of a cluster: ${why}; it is left as it is, name another file`);
  const value = jsonOf(text);
  // What a parser says quotes the text, which holds secrets.
  if (value === undefined) throw refuse('it is damaged, or was never written by arc-lab serve');
  if (!isJsonObject(value) || typeof value['version'] !== 'number') throw refuse('arc-lab serve did not write it');
  if (value['version'] !== STATE_VERSION) {
    const which = `another version of arc-lab serve wrote it (${value['version']}, this one writes ${STATE_VERSION})`;
    throw refuse(`${which}, whose objects --load takes`);
  }
  try {
    return stateOf(value);
  } catch (error) {
    throw refuse((error as Error).message);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A new file that is on disk, for its owner alone, when this returns. */
function writeOwn(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

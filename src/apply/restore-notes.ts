import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemProblem } from '../base/system-problem.ts';

/** What has to be undone: a controller that was scaled to zero. */
export interface RestoreNote {
  readonly server: string;
  readonly context: string;
  /** Path of the kubeconfig; the usual one where it is absent. */
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Where notes are kept, by the customs of the system. */
export function notesFolder(env: NodeJS.ProcessEnv = process.env): string {
  const state =
    process.platform === 'win32'
      ? (env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'))
      : (env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'));
  return join(state, 'arc-lab', 'restore');
}

/** The message is one sentence. */
export class NotesUnreadableError extends Error {
  override readonly name = 'NotesUnreadableError';

  constructor(path: string, cause: unknown) {
    super(
      `${path} cannot be read: ${systemProblem(cause)}; it may name ARC controllers that were scaled to zero and never restored. ` +
        'Make it readable, or look for them on the cluster with arc-lab restore --context NAME',
    );
  }
}

/** Notes on disk, one file each. They name no credential. */
export class RestoreNotes {
  readonly #folder: string;

  constructor(folder: string = notesFolder()) {
    this.#folder = folder;
  }

  /**
   * Files that are no notes are left alone.
   * @throws NotesUnreadableError: there may be controllers at zero that nobody knows about
   */
  all(): RestoreNote[] {
    const files = read(this.#folder, () => readdirSync(this.#folder)) ?? [];
    return files.sort().flatMap((file) => {
      const path = join(this.#folder, file);
      if (!file.endsWith('.json')) return [];
      const text = read(path, () => readFileSync(path, 'utf8'));
      const note = text === undefined ? undefined : parsed(text);
      return isNote(note) ? [note] : [];
    });
  }

  /** @throws Error with a sentence when it cannot be written; nothing must be scaled then */
  add(note: RestoreNote): void {
    const path = this.#pathOf(note);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      // Whole or not at all.
      writeFileSync(`${path}.part`, `${JSON.stringify(note, undefined, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.part`, path);
    } catch (error) {
      throw new Error(`${path}, which arc-lab restore needs, cannot be written: ${systemProblem(error)}`);
    }
  }

  remove(note: Pick<RestoreNote, 'server' | 'namespace' | 'name'>): void {
    rmSync(this.#pathOf(note), { force: true });
  }

  #pathOf({ server, namespace, name }: Pick<RestoreNote, 'server' | 'namespace' | 'name'>): string {
    const id = createHash('sha256')
      .update(JSON.stringify([server, namespace, name]))
      .digest('hex')
      .slice(0, 16);
    return join(this.#folder, `${id}.json`);
  }
}

/** @returns undefined for what does not exist */
function read<T>(path: string, how: () => T): T | undefined {
  try {
    return how();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new NotesUnreadableError(path, error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isNote(value: unknown): value is RestoreNote {
  if (typeof value !== 'object' || value === null) return false;
  const note = value as Partial<Record<keyof RestoreNote, unknown>>;
  const texts = [note.server, note.context, note.namespace, note.name, note.by, note.at];
  return (
    texts.every((text) => typeof text === 'string') &&
    (note.kubeconfig === undefined || typeof note.kubeconfig === 'string') &&
    Number.isSafeInteger(note.replicas) &&
    (note.replicas as number) >= 0
  );
}

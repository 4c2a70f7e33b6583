import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UnreadableError } from './evidence-error.ts';
import { openInput, unpacked } from './open-input.ts';
import { peek } from './peek.ts';
import type { Input } from './read-evidence.ts';
import { isTar, membersOf } from './tar.ts';
import { count } from './words.ts';

/** Files that are opened of a folder; one with more is not a dump. */
const MOST_FILES = 500;
/** An archive is unpacked in memory. */
const LARGEST = 512e6;

/**
 * What is to be read: files, standard input for `-`, and the files in folders and in tar archives.
 * @throws UnreadableError for a folder with too many files, or none
 */
export async function inputsOf(names: readonly string[]): Promise<Input[]> {
  const found: Input[] = [];
  for (const name of names) {
    for (const file of isFolder(name) ? filesIn(name) : [name]) found.push(...(await opened(file)));
  }
  return found;
}

function isFolder(name: string): boolean {
  return name !== '-' && statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

function filesIn(folder: string): string[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && isShown(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new UnreadableError(folder, 'it is a folder without files');
  if (files.length > MOST_FILES) {
    throw new UnreadableError(folder, `it holds ${count(files.length, 'file')}; name the logs among them`);
  }
  return files;
}

/** Files of the system's beside those of people. */
function isShown(name: string): boolean {
  return !basename(name).startsWith('.');
}

async function opened(name: string): Promise<Input[]> {
  const { beginning, bytes } = await peek(openInput(name));
  if (!isTar(beginning)) return [{ name, bytes }];
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    size += piece.length;
    if (size > LARGEST)
      throw new UnreadableError(name, 'it is an archive of more than 512 MB; unpack it and give the folder');
  }
  return [...membersOf(Buffer.concat(pieces))]
    .filter((member) => isShown(member.name))
    .map((member) => {
      const path = `${name}/${member.name}`;
      return { name: path, bytes: unpacked(path, only(member.bytes)) };
    });
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

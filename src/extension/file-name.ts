import { basename } from 'node:path/posix';

/** What a file's name says of a session. */
export interface NamedSession {
  readonly mode: string;
  readonly name: string;
}

const ENDING = /\.arctrace\.jsonl$|\.jsonl$/;

/**
 * What to call the traces of files that are shown together, by their paths: the run where the file was named by
 * `fileNameOf`, and the file where that does not tell them apart.
 */
export function namesOfFiles(paths: readonly string[], modes: readonly string[]): readonly string[] {
  const files = paths.map((path) => basename(path).replace(ENDING, ''));
  const saved = new RegExp(`^(?:(?:${modes.join('|')})-)+(.+)-\\d{4}-\\d\\d-\\d\\d-\\d{4}$`);
  const runs = files.map((file) => saved.exec(file)?.[1]?.replace(/-(\d+)$/, ' $1') ?? file);
  if (new Set(runs).size === runs.length) return runs;
  return files.map((file, index) => (files.indexOf(file) === index ? file : `${file} (${index + 1})`));
}

/** A name for what is saved of sessions, without its ending: modes, run, date and time of day, by the clock on the wall. */
export function fileNameOf(sessions: readonly NamedSession[], at = new Date()): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const time = `${two(at.getHours())}${two(at.getMinutes())}`;
  const modes = new Set(sessions.map(({ mode }) => mode));
  const names = new Set(sessions.map(({ name }) => name.replace(ENDING, '')));
  return [...modes, ...names, date, time]
    .map((part) => part.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 120);
}

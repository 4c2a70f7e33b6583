import { readdirSync } from 'node:fs';
import type { SourceFiles } from './source-files.ts';

/** What breakpoints can name of the source that passes run through. */
export interface SourceNames {
  /** All functions in which a pass can be stopped. */
  readonly functions: ReadonlySet<string>;
  /** All parts of passes. */
  readonly phases: ReadonlySet<string>;
}

/** The folders whose functions passes run through. */
const FOLDERS = ['reconciler', 'actions', 'listener'];
/** A generator: what can be stopped in. */
const GENERATOR = /^(?:export )?function\* ?(\w+)|^ {2}\*#?(\w+)[<(]/;
const PHASE = /\bphase\('([\w-]+)'\)/g;
/** A phase that is named after what it is about. */
const PHASE_OF = /\bphase\(`([\w-]+-)\$\{/;
/** What it may be about: the last argument of a call. */
const SUBJECT = /, '([a-z]+(?: [a-z]+){0,2})'(?:, \w+)?\)/g;

export function namesIn(sources: SourceFiles): SourceNames {
  const functions = new Set<string>();
  const phases = new Set<string>();
  const beginnings = new Set<string>();
  const subjects = new Set<string>();
  for (const line of linesIn(sources)) {
    const found = GENERATOR.exec(line);
    if (found !== null) functions.add(found[1] ?? found[2] ?? '');
    for (const [, name = ''] of line.matchAll(PHASE)) phases.add(name);
    const beginning = PHASE_OF.exec(line)?.[1];
    if (beginning !== undefined) beginnings.add(beginning);
    for (const [, subject = ''] of line.matchAll(SUBJECT)) subjects.add(subject.replaceAll(' ', '-'));
  }
  for (const beginning of beginnings) for (const subject of subjects) phases.add(beginning + subject);
  return { functions, phases };
}

function* linesIn(sources: SourceFiles): IterableIterator<string> {
  for (const folder of FOLDERS) {
    for (const file of readdirSync(sources.pathOf(folder), { recursive: true }) as string[]) {
      if (file.endsWith('.ts')) yield* sources.linesOf(`${folder}/${file.replaceAll('\\', '/')}`);
    }
  }
}

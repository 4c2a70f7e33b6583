import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { addTo } from '../base/group.ts';
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
/** What it may be about: the last argument of a call in the same folder. */
const SUBJECT = /\byield\* .*, '([a-z]+(?: [a-z]+){0,2})'(?:, \w+)?\)/g;

export function namesIn(sources: SourceFiles): SourceNames {
  const functions = new Set<string>();
  const phases = new Set<string>();
  const beginnings = new Map<string, string[]>();
  const subjects = new Map<string, string[]>();
  for (const [folder, line] of linesIn(sources)) {
    const found = GENERATOR.exec(line);
    if (found !== null) functions.add(found[1] ?? found[2] ?? '');
    for (const [, name = ''] of line.matchAll(PHASE)) phases.add(name);
    const beginning = PHASE_OF.exec(line)?.[1];
    if (beginning !== undefined) addTo(beginnings, folder, beginning);
    for (const [, subject = ''] of line.matchAll(SUBJECT)) addTo(subjects, folder, subject.replaceAll(' ', '-'));
  }
  for (const [folder, all] of beginnings)
    for (const beginning of all) for (const subject of subjects.get(folder) ?? []) phases.add(beginning + subject);
  return { functions, phases };
}

function* linesIn(sources: SourceFiles): IterableIterator<readonly [folder: string, line: string]> {
  for (const top of FOLDERS) {
    for (const below of readdirSync(sources.pathOf(top), { recursive: true }) as string[]) {
      const file = `${top}/${below.replaceAll('\\', '/')}`;
      if (file.endsWith('.ts')) for (const line of sources.linesOf(file)) yield [dirname(file), line];
    }
  }
}

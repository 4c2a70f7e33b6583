import { readdirSync } from 'node:fs';
import type { SourceFiles } from './source-files.ts';

/** The folders whose functions passes run through. */
const FOLDERS = ['reconciler', 'actions', 'listener'];
/** A generator: what can be stopped in. */
const GENERATOR = /^(?:export )?function\* ?(\w+)|^ {2}\*#?(\w+)[<(]/;

/** Names of all functions in which a pass can be stopped. */
export function functionsOf(sources: SourceFiles): ReadonlySet<string> {
  const names = new Set<string>();
  for (const folder of FOLDERS) {
    for (const file of readdirSync(sources.pathOf(folder), { recursive: true }) as string[]) {
      if (!file.endsWith('.ts')) continue;
      for (const line of sources.linesOf(`${folder}/${file.replaceAll('\\', '/')}`)) {
        const found = GENERATOR.exec(line);
        if (found !== null) names.add(found[1] ?? found[2] ?? '');
      }
    }
  }
  return names;
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SELF = 'test/unit/words.test.ts';
const FOLDERS = ['src', 'test', 'media', 'l10n'];
const DOCUMENTS = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs/accuracy.md',
  'package.json',
  'package.nls.json',
  'esbuild.mjs',
];
const TEXTS = /\.(ts|css|md|mjs|schema\.json|l10n\.json)$/;

/** Words that slow an English reader down, and what to write in their place. */
const AVOIDED: readonly (readonly [pattern: RegExp, better: string])[] = [
  [/\btold of\b/i, 'called with, hears, reports'],
  [/\b(is|are) told\b/i, 'learns, receives, is shown'],
  [/\btells of\b/i, 'reports, names'],
  [/\b(becomes|became) of\b/i, 'happens to, the state of'],
  [/\banew\b/i, 'again'],
  [/\bonce more\b/i, 'again'],
  [/\bwhoever\b/i, 'the caller, the owner'],
  [/(?<!take )\bso (many|long)\b/i, 'this many, this long, or the name of the limit'],
  [/\bof which\b/i, 'whose, or a sentence of its own'],
  [/\b(went|goes|go) by with\b/i, 'was spent in, time by cause'],
  [/\bwhat comes of\b/i, 'the outcome of'],
  [/\bfor one that is no\b/i, 'for a version that is not'],
];

describe('the language of sources, tests, documents and texts', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
    .filter((file) => TEXTS.test(file) && !file.includes('node_modules') && file !== SELF)
    .concat(DOCUMENTS);

  for (const [pattern, better] of AVOIDED) {
    it(`does without ${pattern.source}`, () => {
      const found = files.flatMap((file) =>
        readFileSync(join(ROOT, file), 'utf8')
          .split('\n')
          .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
      );
      assert.deepEqual(found, [], `write instead: ${better}`);
    });
  }
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const KILOBYTE = 1024;

/** What VS Code and browsers have to load, as the build before the tests has made it. */
describe('the bundles', () => {
  it('let VS Code load at most 150 KB for the extension to be there', () => {
    const files = staticImports(join(DIST, 'extension.cjs'));
    const bytes = [...files].reduce((sum, file) => sum + statSync(file).size, 0);
    const listed = [...files].map((file) => relative(DIST, file)).join(', ');
    assert.ok(bytes <= 150 * KILOBYTE, `${Math.round(bytes / KILOBYTE)} KB are loaded at once: ${listed}`);
  });

  it('keep what reads kubeconfigs out of everything but attaching', () => {
    const large = readdirSync(join(DIST, 'chunks'))
      .filter((file) => file.endsWith('.js'))
      .map((file) => join(DIST, 'chunks', file))
      .filter((file) => statSync(file).size > 1000 * KILOBYTE);
    assert.equal(large.length, 1, `one large file, that of the Kubernetes client: ${large.join(', ')}`);
    for (const entry of ['extension.cjs', 'cli.js']) {
      assert.ok(!staticImports(join(DIST, entry)).has(large[0] ?? ''), `${entry} loads the Kubernetes client at once`);
    }
  });

  it('can be run as a command after every build', () => {
    const rights = statSync(join(DIST, 'cli.js')).mode & 0o777;
    assert.equal(rights.toString(8), '755', 'npx arc-lab would say: Permission denied');
  });

  it('have one page for the timeline, which loads nothing else', () => {
    const page = readFileSync(join(DIST, 'timeline.js'), 'utf8');
    assert.ok(!/\bimport\(|\bfrom"\./.test(page), 'the page is one file');
    assert.ok(existsSync(join(DIST, 'timeline.css')));
  });
});

/** The file and all that it imports at once, and what those import. */
function staticImports(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  const text = readFileSync(entry, 'utf8');
  for (const [, path] of text.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g)) {
    staticImports(join(dirname(entry), path as string), found);
  }
  return found;
}

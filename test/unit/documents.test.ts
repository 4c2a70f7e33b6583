import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HELP, helpOf } from '../../src/cli/usage.ts';
import { SHARED } from '../../src/cli/options.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'src/README.md', 'SECURITY.md', 'docs/accuracy.md'];

describe('the documents', () => {
  for (const document of DOCUMENTS) {
    it(`${document} names only files that exist`, () => {
      const text = readFileSync(join(ROOT, document), 'utf8');
      const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] as string);
      const paths = [...text.matchAll(/`((?:test|src|media|\.ci)\/[\w./-]+)`/g)].map((match) => match[1] as string);
      const missing = [
        ...links.filter((link) => !link.startsWith('http') && !existsSync(join(ROOT, dirname(document), link))),
        ...paths.filter((path) => !existsSync(join(ROOT, path))),
      ];
      assert.deepEqual(missing, []);
    });
  }

  it('src/README.md lists the folders that there are', () => {
    const text = readFileSync(join(ROOT, 'src/README.md'), 'utf8');
    const listed = [...text.matchAll(/^\| `([\w/-]+)` \|/gm)].map((match) => match[1] as string);
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const topLevel = new Set(listed.map((folder) => folder.split('/')[0]));
    assert.deepEqual([...topLevel].sort(), folders.map(({ name }) => name).sort());
  });

  it('SECURITY.md names for every line a test that is there', () => {
    const text = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
    const lines = [...text.matchAll(/^\| (?!defence|-)(.+) \| (.+) \|$/gm)];
    assert.ok(lines.length > 15, `${lines.length} lines`);
    for (const [, defence = '', shownBy = ''] of lines) {
      for (const reference of shownBy.split('; ')) {
        const [, file = '', title = ''] =
          /^([\w/.-]+): (.+)$/.exec(reference) ?? assert.fail(`${defence}: ${reference}`);
        assert.ok(existsSync(join(ROOT, file)), `${defence}: there is no ${file}`);
        assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(title), `${defence}: ${file} has no test: ${title}`);
      }
    }
  });

  it('the help names every setting', () => {
    for (const option of SHARED) assert.ok(HELP.includes(`--${option} `), `--${option} is not in the help`);
  });

  it('the help fits a terminal of 120 columns, with space between a call and what it does', () => {
    for (const help of [HELP, ...['compare', 'run', 'sweep', 'serve', 'restore', 'conditions', 'why'].map(helpOf)]) {
      for (const line of (help ?? '').split('\n')) assert.ok(line.length <= 120, `${line.length} characters: ${line}`);
    }
    const calls = [...HELP.matchAll(/^ {2}arc-lab (\S.*)$/gm)].map((match) => match[1] as string);
    assert.ok(calls.length >= 9, HELP);
    for (const call of calls) assert.match(call, / {2,}\S/);
  });

  it('the help says which versions --mode takes, and that a sweep takes lists', () => {
    for (const call of ['run', 'compare', 'sweep']) {
      assert.match(helpOf(call) ?? '', /^ {2}0\.12\.0 and 0\.13\.0 run as the versions after them without/m, call);
      assert.match(helpOf(call) ?? '', /^ {2}new .*; also 0\.10\.0 and 0\.10\.1$/m, call);
      assert.match(helpOf(call) ?? '', /^ {2}0\.9\.0, 0\.9\.1 and 0\.9\.2 run as the nearest of these\./m, call);
    }
    assert.match(helpOf('sweep') ?? '', /every setting except --horizon takes a list/);
  });

  it('the npm scripts that README.md promises exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const script of ['start', 'build', 'check', 'test', 'bench', 'campaign'])
      assert.ok(scripts[script] !== undefined, script);
  });
});

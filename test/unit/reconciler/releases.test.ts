import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { acquiresJobs } from '../../../src/reconciler/releases/acquires-jobs.ts';
import { newRelease } from '../../../src/reconciler/releases/new.ts';
import { oldRelease } from '../../../src/reconciler/releases/old.ts';
import { ReleaseList } from '../../../src/reconciler/releases/release-list.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

describe('the list of releases', () => {
  it('finds a release by its id, and refuses others with those there are', () => {
    assert.equal(RELEASES.get('new').id, 'new');
    assert.equal(RELEASES.find('newest'), undefined);
    assert.throws(() => RELEASES.get('newest'), /^Error: unknown mode "newest"; modes are 0\.9\.3, old, new.* and /);
  });

  it('takes every published version of ARC for the release that does the same', () => {
    const cases: [string, string | undefined][] = [
      ['0.4.0', '0.9.3'],
      ['0.9.2', '0.9.3'],
      ['0.9.3', '0.9.3'],
      ['v0.9.3', '0.9.3'],
      ['0.10.0', 'new'],
      ['0.10.1', 'new'],
      ['0.10', 'new'],
      ['0.10.7', 'new'],
      ['0.14', '0.14.2'],
      ['v0.13', '0.13.1'],
      ['0.11.0-rc.1', '0.11.0'],
      ['1.0.0', RELEASES.ids.at(-1)],
      ['canary', undefined],
    ];
    for (const [version, id] of cases) assert.equal(RELEASES.ofVersion(version)?.id, id, version);
  });

  it('has published versions that do what a release does under their own names, with what they lack of it', () => {
    const cases: [string, string, readonly number[]][] = [
      ['0.10.0', 'new', []],
      ['0.10.1', 'new', []],
      ['0.12.0', '0.12.1', [4142, 4152]],
      ['0.13.0', '0.13.1', [4289, 4299, 4305, 4320, 4324, 4332, 4340]],
    ];
    for (const [version, of, lacks] of cases) {
      const [own, listed] = [RELEASES.get(version), RELEASES.get(of)];
      assert.equal(own.id, version);
      assert.deepEqual(own.versions, [version]);
      assert.equal(RELEASES.find(version), own, 'each time the same');
      assert.deepEqual(
        [...listed.switches].filter((one) => !own.switches.has(one)),
        lacks,
        version,
      );
      assert.equal(RELEASES.position(version), RELEASES.position(of));
      assert.equal(RELEASES.isSame(version, of), lacks.length === 0);
      assert.ok(!RELEASES.ids.includes(version));
      assert.equal(RELEASES.position(`${version}+4390`), RELEASES.position(of));
    }
    for (const version of ['0.9.0', '0.9.1', '0.9.2']) assert.equal(RELEASES.get(version).id, '0.9.3');
  });

  it('has 0.14.1, which does what 0.14.0 does, and acquires jobs', () => {
    const [before, own] = [RELEASES.get('0.14.0'), RELEASES.get('0.14.1')];
    assert.deepEqual(own.switches, before.switches);
    assert.deepEqual([before, own].map(acquiresJobs), [false, true]);
    assert.match(own.actions.userAgent(undefined), /"build_version":"v0\.3\.0"/);
  });

  it('takes an ambiguous list for a mistake', () => {
    assert.throws(() => new ReleaseList([newRelease, newRelease]), /share an id: new, new/);
    assert.throws(() => new ReleaseList([]), /one release has to be the default/);
  });

  it('compares the default with the release before it, and puts what it does not know last', () => {
    const later = { ...newRelease, id: 'made-up', isDefault: false };
    const list = new ReleaseList([oldRelease, newRelease, later]);
    assert.deepEqual(list.comparison, ['old', 'new'], 'a release that is added does not change what is compared first');
    assert.deepEqual(
      ['old', 'made-up', 'unknown'].map((id) => list.position(id)),
      [0, 2, 3],
    );
    assert.equal(new ReleaseList([newRelease]).comparison.join(), 'new');
  });
});

describe('the names of releases', () => {
  /** Prose of a log message, or a text that says `a new pod`, names no release. */
  const ids = RELEASES.ids.join('|').replaceAll('.', '\\.');
  const names = new RegExp(
    `^(${ids})$|\\b(${ids}) mode\\b|\\bmode (${ids})\\b|\\b(${ids})\\.arctrace|\\b(${ids})\\|(${ids})\\b|\\b(${ids}) (and|above) (${ids})\\b`,
  );

  it('stand in their data alone: nothing else in src asks for one by its name', () => {
    const found = sourceFiles().flatMap((file) =>
      // By itself it is the tag of an image.
      literalsOf(file).filter(({ text }) => text !== 'latest' && names.test(text)),
    );
    assert.deepEqual(
      found.map(({ where, text }) => `${where}: ${text}`),
      [],
      'ask for a switch, or the list for its default, order or words',
    );
  });

  it('are found by this test where they are', () => {
    for (const text of ['old', 'new', 'old|new', 'run --mode old', 'old and new', 'In old mode a pass ends']) {
      assert.match(text, names);
    }
    for (const text of ['Creating new pod for ephemeral runner', 'a newer status']) assert.doesNotMatch(text, names);
  });
});

function sourceFiles(): string[] {
  return (
    readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith(join('reconciler', 'releases')))
      // What published versions write to logs is known by version.
      .filter((file) => !file.startsWith('evidence'))
      // Which bursts of each release were recorded is a list of facts.
      .filter((file) => file !== join('advice', 'recorded.ts'))
      .map((file) => join(ROOT, 'src', file))
  );
}

function literalsOf(file: string): { readonly where: string; readonly text: string }[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: { where: string; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    ) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ where: `${relative(ROOT, file)}:${line + 1}`, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE = join(ROOT, 'l10n', 'bundle.l10n.json');
/** Folders whose texts people read in VS Code. */
const FOLDERS = [
  ...[
    'base',
    'debug',
    'debug-adapter',
    'evidence',
    'explain',
    'export',
    'extension',
    'fit',
    'hindsight',
    'model',
    'problems',
    'report',
    'run',
    'timeline',
    'upgrade',
    'watch',
    'webview',
    'what-if',
  ],
];

const NOUNS =
  'pods|runners|workers|passes|faults|sessions|requests|lines|failures|calls|traces|files|events|namespaces';
const COUNT = new RegExp(`\\{\\d\\} (more )?(${NOUNS})\\b`);
/** What these count there are always several of, or another text says it of one. */
const NEVER_ONE: ReadonlySet<string> = new Set([
  '+{0} sessions',
  'All {0} runners have finished; nothing is left to do.',
  'All {0} runners have failed; nothing is left to do.',
  'All {0} runners have their pods; nothing is left to do.',
  '{0} of {1} runners are stuck: {2}. Nothing is scheduled that would change this.',
  '1 of {0} runners is stuck: {1}. Nothing is scheduled that would change this.',
  'Of {0} runners {1}; nothing is left to do.',
  'Creating {0} runners',
  'try {0} runners',
  'try {0} workers',
  'Its {0} requests for {1} ({2} at once, then {3} a second) cannot be done in less than {4}.',
  'Waited {0} because all {1} workers were busy.',
  'and {0} more pods took the place of pods that ended',
  'up to {0} workers help (last pod {1} → {2}), more do not ({3}).',
  'up to {0} workers help (last pod {1} → {2}), more hardly do ({3}).',
  'up to {0} workers help (last pod {1} → {2}).',
  'waiting for one of {0} workers',
  '{0} failures',
  'This run has more than {0} runners: look at one with fewer.',
  '{0}; {1} runners wait.',
  '{0} has {1} traces: "section" must be from 1 to {1}.',
  'Lines are missing: {0} runners have a secret or a pod and no line about their registration.',
  'Lines are missing: {0} runners have a pod and no line about their secret.',
  '{0} failures, the last at {1}',
  '{0} lines of the controllers were left out',
  '{0} more sessions are live',
  '{0} runners are before it in the queue.',
  '{0} passes, each refused ({1})',
  '{0} passes, each refused by the service ({1})',
]);

/** Translate what they are given: the timeline's markup and the words of releases. Everything else has to be found here. */
const HAND_ON = ['webview-page.ts', 'release-words.ts'];

/** A text given to `t`, with the number of values that are put into it; undefined where they are spread. */
interface Text {
  readonly message: string;
  readonly values: number | undefined;
  readonly where: string;
  /** Whether it is the last of what `counted` is given, which has another for one thing. */
  readonly isOfSeveral: boolean;
}

describe('texts for people', () => {
  const texts = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => textsOf(join('src', folder, file))),
  );

  it('are all in the bundle that translators start from, and nothing else is', () => {
    const published = RELEASES.unlisted.flatMap((version) => RELEASES.find(version) ?? []);
    const ofReleases = [...RELEASES.all, ...published].flatMap(({ words }) => Object.values(words) as string[]);
    const messages = [...new Set([...texts.map(({ message }) => message), ...ofReleases])].sort();
    const wanted = `${JSON.stringify(Object.fromEntries(messages.map((message) => [message, message])), null, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(join(ROOT, 'l10n'), { recursive: true });
      writeFileSync(BUNDLE, wanted);
    }
    assert.equal(readFileSync(BUNDLE, 'utf8'), wanted, 'UPDATE_GOLDEN=1 rewrites l10n/bundle.l10n.json');
  });

  it('count one thing in the singular: counts come from base/count-words.ts, or are never one', () => {
    const counted = texts.filter(
      ({ message, where, isOfSeveral }) =>
        COUNT.test(message) && !isOfSeveral && !/^src\/(base\/count|extension\/session)-words/.test(where),
    );
    const wrong = counted.filter(({ message }) => !NEVER_ONE.has(message));
    assert.deepEqual(
      wrong.map(({ message, where }) => `${where}: ${message}`),
      [],
    );
    const unknown = [...NEVER_ONE].filter((text) => !counted.some(({ message }) => message === text));
    assert.deepEqual(unknown, [], 'texts that are no longer there');
  });

  it('count one thing in the singular where they are put together too', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    const wrong = files.filter((file) => file.endsWith('.ts')).flatMap((file) => countsIn(join('src', file)));
    assert.deepEqual(
      wrong.filter((found) => !NEVER_ONE_IN.has(found)),
      [],
    );
  });

  it('are translated wherever findings and explanations are made', () => {
    const files = SPOKEN.flatMap((path) =>
      path.endsWith('.ts')
        ? [join('src', path)]
        : readdirSync(join(ROOT, 'src', path)).flatMap((file) =>
            file.endsWith('.ts') ? [join('src', path, file)] : [],
          ),
    );
    assert.deepEqual(files.flatMap(sentencesIn), [], 'English that is not given to t()');
  });

  it('are given as many values as they have places for', () => {
    for (const { message, values, where } of texts) {
      if (values === undefined) continue;
      const places = new Set([...message.matchAll(/\{(\d+)\}/g)].map(([, place]) => Number(place)));
      assert.deepEqual(
        [...places].sort(),
        Array.from({ length: values }, (_, index) => index),
        `${where}: ${message}`,
      );
    }
  });
});

/** Folders and files whose texts are findings and explanations. */
const SPOKEN = [
  ...['debug', 'debug-adapter', 'watch'],
  // The page beside these is markup, whose texts are theirs.
  ...['cause', 'hindsight-text', 'round', 'spec-of-trace', 'unmet'].map((name) => `hindsight/${name}.ts`),
  ...['evidence/findings', 'explain', 'upgrade/hazards', 'report/why-fit.ts', 'report/why-times.ts', 'fit/gain.ts'],
  ...['upgrade/check.ts', 'upgrade/upgrade-actions.ts', 'upgrade/looked-at.ts', 'fit/upgrade-effect.ts'],
  ...['slow-burst-findings', 'burst-finding', 'nothing-found', 'integrity', 'explain', 'words'].map(
    (name) => `evidence/${name}.ts`,
  ),
];

/** Lines of ARC's log as they are found in it, and what only programs read: no text of ours. */
const QUOTED: ReadonlySet<string> = new Set([
  'Job assigned message received (first)',
  'Calculated target runner count',
  'Calculated target runner count: … assigned',
  'status.phase Outdated, … counted',
  'Checking if runner exists in GitHub service',
  'Runner exists in GitHub service',
  'EphemeralRunner has failed more than 5 times',
  'Getting runner jit config failed with conflict error',
  'Created new ephemeral runner',
  'change template at 10s, exit 7 at 20s, delete at 22s',
  'reject listener at 0s, delete scale-set at 5s',
  'app.kubernetes.io/component in (controller-manager,runner-scale-set-listener)',
  'the run has not been put together yet',
  'made again',
  'Scaling comparison: current …, desired …',
]);
const SENTENCE = /[A-Za-z]{2,}[,:;]? [A-Za-z]{2,}/;

/** English in a string or a template that is not given to `t`, and that no code compares or looks up. */
function sentencesIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|\.)t$/.test(node.expression.getText())) {
      node.arguments.slice(1).forEach(visit);
      return;
    }
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join('…')
        : '';
    if (SENTENCE.test(text) && !QUOTED.has(text) && !isName(node)) found.push(`${file}: ${text}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a string is one that the code knows: a key, a case, what it compares with or looks up. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) return parent.name === node;
  if (ts.isCallExpression(parent))
    return /(?:^|\.)(?:get|has|of|includes|withNote|timesOf)$/.test(parent.expression.getText());
  const isCompared = ts.isBinaryExpression(parent) && ts.isStringLiteral(node);
  return (
    ts.isCaseClause(parent) || isCompared || (ts.isArrayLiteralExpression(parent) && ts.isAsExpression(parent.parent))
  );
}

/** What stands in calls of `t` and `vscode.l10n.t`. */
function textsOf(file: string): Text[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(vscode\.l10n\.)?t$/.test(node.expression.getText())) {
      const [first, ...rest] = node.arguments;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const where = `${file}:${line + 1}`;
      if (first !== undefined && ts.isStringLiteralLike(first)) {
        const { parent } = node;
        const isOfSeveral =
          ts.isCallExpression(parent) && parent.expression.getText() === 'counted' && parent.arguments[2] === node;
        const values = rest.some(ts.isSpreadElement) ? undefined : rest.length;
        texts.push({ message: first.text, values, where, isOfSeveral });
      } else if (!HAND_ON.some((name) => file.endsWith(name))) {
        assert.fail(`${where}: a text has to be written where it is translated`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** Of one pod, or two, another sentence tells. */
const NEVER_ONE_IN: ReadonlySet<string> = new Set(['src/evidence/findings/slow-pod.ts: count} pods at most ${']);

/** Where a template puts a number before a plural. */
function countsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateSpan(node) && new RegExp(`^ (more )?(${NOUNS})\\b`).test(node.literal.text)) {
      found.push(`${file}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

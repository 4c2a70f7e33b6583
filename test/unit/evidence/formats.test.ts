import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lines } from '../../../src/evidence/lines.ts';
import { LineReader } from '../../../src/evidence/line-reader.ts';
import type { LogRecord } from '../../../src/evidence/log-record.ts';
import { formatUs } from '../../../src/evidence/moment.ts';
import { at, explainFiles, explainText, runnerLine } from '../../builders/evidence.ts';

const LINE = runnerLine('2026-03-02T12:00:01Z', 'lark-1', 'Created ephemeral runner pod');
const FIELDS = LINE.slice(LINE.indexOf('{'));

function read(...lines: readonly string[]): LogRecord[] {
  const reader = new LineReader();
  return lines.flatMap((line) => reader.read(line) ?? []);
}

function only(...lines: readonly string[]): LogRecord {
  const records = read(...lines);
  assert.equal(records.length, 1, JSON.stringify(records));
  return records[0] as LogRecord;
}

describe('a line of a log', () => {
  const expected = { logger: 'EphemeralRunner', message: 'Created ephemeral runner pod', fields: FIELDS };
  const wrappings: [title: string, lines: readonly string[], time: string, withinUs: number][] = [
    ['as the controller writes it', [LINE], '12:00:01.000000', 999_999],
    ['with tabs turned into spaces', [LINE.replaceAll('\t', '    ')], '12:00:01.000000', 999_999],
    ['with one space where a tab was', [LINE.replaceAll('\t', ' ')], '12:00:01.000000', 999_999],
    ['with line ends of Windows', [`${LINE}\r`], '12:00:01.000000', 999_999],
    ['in colours', [LINE.replace('INFO', '\u001b[34mINFO\u001b[0m')], '12:00:01.000000', 999_999],
    ['with kubectl --timestamps', [`2026-03-02T12:00:01.904112233Z ${LINE}`], '12:00:01.904112', 0],
    ['with kubectl --prefix', [`[pod/arc-controller-6d/manager] ${LINE}`], '12:00:01.000000', 999_999],
    ['with both', [`[pod/arc-controller-6d/manager] 2026-03-02T12:00:01.904112233Z ${LINE}`], '12:00:01.904112', 0],
    ["as it lies on a node's disk", [`2026-03-02T12:00:01.904112233Z stderr F ${LINE}`], '12:00:01.904112', 0],
    [
      'as Docker keeps it',
      [JSON.stringify({ log: `${LINE}\n`, stream: 'stderr', time: '2026-03-02T12:00:01.904112233Z' })],
      '12:00:01.904112',
      0,
    ],
    ["after a store's local time", [`2026-03-02 14:00:01.366\t${LINE}`], '12:00:01.366000', 999],
    ["below a store's local time", ['2026-03-02 07:00:01.366\t', LINE], '12:00:01.366000', 999],
  ];
  for (const [title, lines, time, withinUs] of wrappings) {
    it(`is read ${title}`, () => {
      const { at, level, ...rest } = only(...lines);
      assert.deepEqual(rest, expected);
      assert.equal(level, 'info');
      assert.deepEqual([formatUs(at.us).slice(11, 26), at.withinUs], [time, withinUs]);
    });
  }

  const formats: [title: string, line: string, record: Partial<LogRecord>][] = [
    [
      'JSON of the controller',
      '{"severity":"error","ts":"2026-03-02T12:00:01Z","logger":"EphemeralRunner","message":"a \\"b\\"","version":"0.14.1","message":"second"}',
      { level: 'error', logger: 'EphemeralRunner', message: 'a "b"' },
    ],
    [
      'JSON with its keys in another order',
      '{"message":"Starting workers","controller":"ephemeralrunner","severity":"INFO","ts":"2026-03-02T12:00:01Z"}',
      { level: 'info', logger: '', message: 'Starting workers' },
    ],
    [
      'JSON with seconds since 1970',
      '{"level":"info","ts":1772452801.25,"logger":"EphemeralRunner","msg":"x"}',
      { at: { us: 1772452801250000, withinUs: 0 }, message: 'x' },
    ],
    [
      'a listener as text, from 0.14 on',
      'time=2026-03-02T12:00:01.071Z level=WARN source=a/b.go:250 msg="Calculated target runner count" component=worker "assigned job"=1 decision=4',
      { level: 'warn', logger: 'worker', message: 'Calculated target runner count' },
    ],
    [
      'a listener as JSON, from 0.14 on',
      '{"time":"2026-03-02T12:00:01.9182736Z","level":"INFO","source":{"function":"f","line":250},"msg":"Compare","component":"worker"}',
      { logger: 'worker', message: 'Compare' },
    ],
    [
      'a listener up to 0.13',
      '2026-03-02T12:00:01Z\tINFO\tlistener-app.worker.kubernetesworker\tCompare\t{"a": 1}',
      { logger: 'listener-app.worker.kubernetesworker', message: 'Compare', fields: '{"a": 1}' },
    ],
    [
      "the HTTP client's tries",
      '2026/03/02 12:00:01 [ERR] DELETE https://example.test/agents/5511 request failed: EOF',
      { level: 'error', logger: 'http-client', message: 'DELETE https://example.test/agents/5511 request failed: EOF' },
    ],
    [
      "client-go's own lines",
      'I0302 12:00:01.500000       1 request.go:697] Waited for 1.2s due to client-side throttling, not priority and fairness',
      { logger: 'klog' },
    ],
    [
      "a runner's container",
      '[RUNNER 2026-03-02 12:00:01Z ERR  BrokerMessageListener] Catch exception during create session.',
      { level: 'error', logger: 'runner.BrokerMessageListener', message: 'Catch exception during create session.' },
    ],
    [
      "controller-runtime's lines, which name no logger",
      '2026-03-02T12:00:01Z\tERROR\tReconciler error\t{"controller": "ephemeralrunner"}',
      { level: 'error', logger: '', message: 'Reconciler error', fields: '{"controller": "ephemeralrunner"}' },
    ],
  ];
  for (const [title, line, record] of formats) {
    it(`is read: ${title}`, () => {
      const got = only(line);
      for (const [key, value] of Object.entries(record)) assert.deepEqual(got[key as keyof LogRecord], value, key);
    });
  }

  it('that is cut keeps the fields that are whole, and is not given a name that is not', async () => {
    const whole = runnerLine('2026-03-02T12:00:01Z', 'lark-1', 'Created ephemeral runner JIT config', {
      runnerId: 4711,
    });
    const { runners } = await explainText(`${whole}\n${LINE.slice(0, LINE.indexOf('lark-1') + 3)}\n`);
    assert.deepEqual(
      runners.map(({ name }) => name),
      ['lark-1'],
    );
  });
});

describe('lines that are not understood', () => {
  it('are counted and kept, each with its number, and stack traces belong to their error', () => {
    const reader = new LineReader();
    const lines = [
      '2026-03-02T12:00:01Z\tERROR\tReconciler error\t{"controller": "ephemeralrunner"}',
      'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller[...]).reconcileHandler',
      '\t/go/pkg/mod/sigs.k8s.io/controller-runtime/controller.go:474',
      LINE,
      'something else',
      '',
      '\tindented, after no error',
    ];
    for (const line of lines) reader.read(line);
    assert.deepEqual(
      reader.unknownLines.map(({ line }) => line),
      [5, 7],
    );
    assert.equal(reader.unknown, 2);
    assert.equal(reader.lines, 7);
  });

  it('never show a credential', async () => {
    const jit = Buffer.from(JSON.stringify({ '.runner': 'x'.repeat(90) })).toString('base64');
    const secrets = ['ghp_abcdefghijklmnopqrst', 'hunter2hunter2', jit, 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'];
    const text = [
      LINE,
      `token=${secrets[0]}`,
      `nobody knows "password":"${secrets[1]}"`,
      `config ${secrets[2]}`,
      `Authorization: Bearer ${secrets[3]}`,
      runnerLine('2026-03-02T12:00:02Z', 'lark-1', 'Failed', { error: `no ${secrets[0]} and ${secrets[3]}` }, 'ERROR'),
    ].join('\n');
    const { files, findings, runners } = await explainText(text);
    const shown = JSON.stringify([files, findings.map(({ sentence, evidence }) => [sentence, evidence]), runners]);
    for (const secret of secrets) assert.ok(!shown.includes(secret), `${secret} is shown`);
    assert.match(shown, /\[redacted\]/);
  });
});

describe('a file', () => {
  it('may be gzip, end in the middle of it, and be UTF-16', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    try {
      const text = `${LINE}\n`.repeat(2000);
      const packed = gzipSync(text);
      writeFileSync(join(folder, 'whole.gz'), packed);
      writeFileSync(join(folder, 'cut.gz'), packed.subarray(0, packed.length - 20));
      writeFileSync(
        join(folder, 'utf16.log'),
        Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
      );
      for (const name of ['whole.gz', 'cut.gz', 'utf16.log']) {
        const { runners, files } = await explainFiles(join(folder, name));
        assert.equal(runners.length, 1, name);
        assert.ok((files[0]?.lines ?? 0) > 100, name);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that is packed and cut says so, and is read up to there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    try {
      const lines = Array.from({ length: 5000 }, (_, index) => LINE.replace('lark-1', `lark-${index}`)).join('\n');
      const packed = gzipSync(`${lines}\n`);
      const files: [name: string, bytes: Uint8Array, isCut: boolean][] = [
        ['half.gz', packed.subarray(0, packed.length / 2), true],
        ['without-trailer.gz', packed.subarray(0, packed.length - 8), true],
        ['whole.gz', packed, false],
        ['two-members.gz', Buffer.concat([packed, packed]), false],
        ['second-cut.gz', Buffer.concat([packed, packed.subarray(0, 2000)]), true],
      ];
      for (const [name, bytes, isCut] of files) {
        writeFileSync(join(folder, name), bytes);
        const [read] = (await explainFiles(join(folder, name))).files;
        assert.equal(/ends too early \(unexpected end of file\)/.test(read?.problems.join() ?? ''), isCut, name);
        assert.ok((read?.lines ?? 0) > 1000, `${name}: ${read?.lines} lines`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of one long line is read whole, as a log store writes an array', async () => {
    const entries = Array.from({ length: 12_000 }, (_, index) => ({
      textPayload: LINE.replace('lark-1', `lark-${index}`),
      timestamp: '2026-03-02T12:00:01.5Z',
    }));
    const text = JSON.stringify(entries);
    assert.ok(text.length > 2 << 20);
    const { runners, files } = await explainText(text);
    assert.equal(runners.length, 12_000);
    assert.deepEqual(files[0]?.problems, []);
  });

  it('with a line beyond the limit says how much of it was left out', async () => {
    const split = new Lines(10);
    const got: string[] = [];
    const pieces = ['abc', 'defghijkl', 'mn\nop\n', 'qrstuvwxyz12'].map((piece) => Buffer.from(piece));
    for await (const lines of split.of(Readable.from(pieces))) got.push(...lines);
    assert.deepEqual(got, ['abcdefghij', 'op', 'qrstuvwxyz']);
    assert.equal(split.cutAway, 6);
  });

  it('given twice, or in two parts that overlap, counts each line once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    try {
      const refused = [0, 30, 60].map((seconds) =>
        runnerLine(at(seconds), 'lark-1', 'Runner is not finished yet, retrying in 30s'),
      );
      // Twice in one second of one file is twice.
      const lines = [...refused, refused[2] as string];
      writeFileSync(join(folder, 'a.log'), `${lines.join('\n')}\n`);
      writeFileSync(join(folder, 'b.log'), `${lines.slice(1).join('\n')}\n`);
      const once = await explainFiles(join(folder, 'a.log'));
      const both = await explainFiles(join(folder, 'a.log'), join(folder, 'b.log'));
      assert.equal(both.verdict, once.verdict);
      assert.match(both.verdict, /4 times/);
      assert.match(both.files[1]?.problems.join() ?? '', /^3 lines counted once, as another file has them too$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that continues another log is read after the older one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    try {
      writeFileSync(join(folder, 'new.log'), `${LINE}\n`);
      writeFileSync(join(folder, 'old.log'), `${runnerLine('2026-03-02T11:59:00Z', 'lark-1', 'Adding finalizers')}\n`);
      const { runners, files } = await explainFiles(join(folder, 'new.log'), join(folder, 'old.log'));
      assert.deepEqual(
        files.map(({ file }) => file.slice(folder.length + 1)),
        ['old.log', 'new.log'],
      );
      assert.equal(runners[0]?.startsInLife, false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('without a line that is understood is refused in one sentence', async () => {
    await assert.rejects(
      explainText('hello\nworld\n'),
      /^EvidenceError: no line of controller\.log is one of a controller/,
    );
    await assert.rejects(explainText(''), /^EvidenceError: controller\.log is empty$/);
  });
});

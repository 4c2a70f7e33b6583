import assert from 'node:assert/strict';
import { csvExporter } from '../../../src/export/csv.ts';
import type { ExportedRun } from '../../../src/export/exporter.ts';
import { EXPORTERS, exporterFor, exporterOf } from '../../../src/export/exporters.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { parseTrace, TraceReader, traceLines } from '../../../src/trace/jsonl.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { helpOf } from '../../../src/cli/usage.ts';
import { A_HEADER } from '../../builders/traces.ts';

const exported = (id: string, runs: readonly ExportedRun[]): string => {
  const exporter = exporterOf(id);
  assert.ok(exporter !== undefined, `there is no format ${id}`);
  return [...exporter.write([{ title: 'a title', runs }], RELEASES)].join('');
};

describe('formats that runs are saved as', () => {
  const runs = ['old', 'new'].map((mode) => simulate({ ...DEFAULT_SETTINGS, mode, podStartUs: 1_000_000 }));

  it('have an id, a file ending and a beginning of their own', () => {
    for (const key of ['id', 'extension', 'what'] as const) {
      const values = EXPORTERS.map((exporter) => exporter[key]);
      assert.equal(new Set(values).size, values.length, `two share their ${key}: ${values.join(', ')}`);
    }
    for (const { id } of EXPORTERS) {
      const own = EXPORTERS.filter(({ begins }) => begins.test(exported(id, runs).slice(0, 1024)));
      assert.deepEqual(
        own.map((one) => one.id),
        [id],
        `what ${id} writes is to be known again as that, and as nothing else`,
      );
    }
  });

  it('are found by the names of files', () => {
    for (const exporter of EXPORTERS) {
      assert.equal(exporterFor(`/some/where/Run 1.${exporter.extension.toUpperCase()}`), exporter);
    }
    assert.equal(exporterFor('/some/where/html'), undefined);
  });

  it('are all in the help of the commands that write them', () => {
    for (const { id, about } of EXPORTERS) {
      assert.ok(helpOf('export')?.includes(`  ${id.padEnd(19)}  ${about()}\n`), `export does not name ${id}`);
      assert.ok(helpOf('compare')?.includes(`  --${`${id} FILE`.padEnd(17)}  ${about()}\n`), `compare lacks --${id}`);
    }
  });

  it('write runs that have not begun, too', () => {
    for (const { id } of EXPORTERS)
      assert.ok(exported(id, [{ trace: new TraceLog(A_HEADER), originUs: 0 }]) !== '', id);
  });
});

describe('runs as traces', () => {
  it('read back as what they were, each behind the other', () => {
    const runs = ['old', 'new'].map((mode) => simulate({ ...DEFAULT_SETTINGS, mode }));
    const reader = new TraceReader();
    reader.push(exported('trace', runs));
    assert.deepEqual(
      reader.end().map((trace) => [...traceLines(trace)]),
      runs.map(({ trace, originUs }) => [...traceLines(trace, trace.endedUs, originUs)]),
    );
  });
});

describe('runs as a table', () => {
  const rows = (log: TraceLog, originUs = 0): Record<string, string>[] => {
    const [head = '', ...lines] = exported('csv', [{ trace: log, originUs }])
      .trimEnd()
      .split('\r\n');
    const names = head.split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((field, index) => [names[index] ?? '', field])));
  };

  it('have a line for each runner, with seconds since the run began', () => {
    const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', podStartUs: 1_000_000 });
    const [first, ...others] = rows(trace, originUs);
    assert.equal(others.length, DEFAULT_SETTINGS.runners - 1);
    const { mode = '', runner = '', pod_s = '', running_s = '', finished_s = '' } = first ?? {};
    assert.deepEqual(
      [mode, runner, finished_s],
      ['new', 'arc-runners/runner-1', ''],
      'what did not happen has no time',
    );
    assert.ok(
      Math.abs(Number(running_s) - Number(pod_s) - 1) < 0.1,
      `${pod_s} to ${running_s} is the second of its start`,
    );
  });

  it('give both ends of what is known as an interval', () => {
    const log = new TraceLog(A_HEADER);
    log.addObject({ kind: 'EphemeralRunner', object: 'ns/a', at: 2e6, until: 3e6, phase: '' });
    assert.deepEqual(
      rows(log, 1e6).map(({ created_s, created_until_s }) => [created_s, created_until_s]),
      [['1', '2']],
    );
  });

  it('quote what has commas, and make no formula of a name', () => {
    const names = ['=HYPERLINK("http://x")', '+1', '-1', '@x', '\tx', 'a,b', 'a"b', 'two\nlines'];
    const log = new TraceLog({ ...A_HEADER, release: 'new' });
    for (const name of names) log.addObject({ kind: 'EphemeralRunner', object: name, at: 0, phase: '' });
    const text = [...csvExporter.write([{ title: '', runs: [{ trace: log, originUs: 0 }] }], RELEASES)].slice(1);
    assert.deepEqual(
      text.map((line) => line.slice('new,'.length, line.indexOf(',0,'))),
      [`"'=HYPERLINK(""http://x"")"`, "'+1", "'-1", "'@x", "'\tx", '"a,b"', '"a""b"', '"two\nlines"'],
    );
  });
});

describe('a trace of an older version', () => {
  it('is written as one of today', () => {
    const old = parseTrace(
      '{"type":"header","version":1,"start":"2026-01-01T00:00:00.000Z","mode":"new","source":"embedded","settings":{}}\n',
    );
    assert.match(exported('trace', [{ trace: old, originUs: 0 }]), /^\{"type":"header","version":2,/);
  });
});

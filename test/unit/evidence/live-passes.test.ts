import assert from 'node:assert/strict';
import { LineReader } from '../../../src/evidence/line-reader.ts';
import { TraceMaker } from '../../../src/evidence/passes/trace-maker.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import type { TraceLog } from '../../../src/trace/trace-log.ts';
import { writtenLog } from '../../builders/written-log.ts';

const START_US = VIRTUAL_EPOCH_MS * 1000;

/** Reads a log line by line; `after` hears the time of each. */
function read(text: string, maker: TraceMaker, after: (atUs: number) => void = () => undefined): void {
  const reader = new LineReader();
  for (const line of text.split('\n')) {
    const record = reader.read(line);
    if (record === undefined) continue;
    maker.take(record, { source: 0, line: reader.lines, at: record.at }, 'controller.log');
    after(record.at.us);
  }
}

function passesOf(trace: TraceLog): unknown[] {
  const byId = (one: { id?: string }, other: { id?: string }): number => Number(one.id) - Number(other.id);
  return [...trace.passes()].sort(byId);
}

describe('passes shown while their log is written', () => {
  for (const { id } of RELEASES.all) {
    it(`are in the end those of the whole log: ${id}`, () => {
      const text = writtenLog({ settings: { mode: id, runners: 12, workers: 3, pods: 'jobs' }, format: 'timestamps' });
      const whole = new TraceMaker();
      read(text, whole);
      const expected = passesOf(whole.end(id) as TraceLog);
      const live = new TraceMaker();
      const trace = live.begin(START_US);
      let [most, asked] = [0, 0];
      read(text, live, (atUs) => {
        live.showOpen(atUs);
        most = Math.max(most, [...trace.running()].length);
        for (const pass of trace.running()) {
          if (trace.pass(pass).requests?.some(({ ended }) => ended === undefined) === true) asked++;
        }
      });
      const shiftUs = Date.parse(whole.end(id)?.header.start ?? '') * 1000 - START_US;
      const shown = passesOf(live.end(id) as TraceLog);
      assert.ok(most > 1 && asked > 0, 'no pass was shown while it went on');
      assert.equal(shown.length, expected.length);
      assert.deepEqual(
        shown,
        expected.map((pass) => moved(pass, shiftUs)),
      );
    });
  }

  it('end where they ask for nothing and say nothing, and go on where they wait for an answer', () => {
    const text = writtenLog({ settings: { mode: 'new', runners: 1 }, format: 'timestamps' });
    const lines = text.split('\n');
    const until = (message: string): string =>
      lines.slice(0, lines.findIndex((line) => line.includes(message)) + 1).join('\n');
    for (const [message, count] of [
      ['Creating new ephemeral runner secret for jitconfig.', 0],
      ['Creating ephemeral runner JIT config', 1],
    ] as const) {
      const maker = new TraceMaker();
      const trace = maker.begin(START_US);
      let lastUs = 0;
      read(until(message), maker, (atUs) => (lastUs = atUs));
      maker.showOpen(lastUs + 1e6);
      assert.equal([...trace.running()].length, 1, message);
      maker.showOpen(lastUs + 300e6);
      assert.equal([...trace.running()].length, count, message);
    }
  });

  it('go on in a new trace when the first one is full', () => {
    const text = writtenLog({ settings: { mode: 'new', runners: 30, workers: 2 }, format: 'timestamps' });
    const maker = new TraceMaker();
    const traces = [maker.begin(START_US)];
    read(text, maker, (atUs) => {
      maker.showOpen(atUs);
      if ((traces.at(-1) as TraceLog).passCount >= 20) traces.push(maker.startOver(() => true));
    });
    maker.end('new');
    const whole = new TraceMaker();
    whole.begin(START_US);
    read(text, whole);
    const ended = traces.flatMap((trace) => [...trace.passes()]);
    assert.ok(traces.length > 2, 'no trace was full');
    assert.deepEqual(new Set(ended.map(({ id }) => id)).size, ended.length, 'a pass ended twice');
    assert.deepEqual(
      ended.map(({ id, requests }) => [id, requests?.length]).sort(),
      passesOf(whole.end('new') as TraceLog)
        .map((pass) => {
          const { id, requests } = pass as { id: string; requests: unknown[] };
          return [id, requests.length];
        })
        .sort(),
    );
    for (const trace of traces) assert.equal(trace.header.start, traces[0]?.header.start);
  });
});

/** The same pass in a trace that began earlier. */
function moved(value: unknown, us: number): unknown {
  const times = new Set(['queued', 'ready', 'started', 'ended']);
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (times.has(key) && typeof inner === 'number' ? inner + us : inner)),
  ) as unknown;
}

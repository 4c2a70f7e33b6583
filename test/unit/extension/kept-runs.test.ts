import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { growingTrace, KeptRuns, type GrowingTrace } from '../../../src/extension/kept-runs.ts';
import type { ShownSession } from '../../../src/extension/run.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';
import type { PassEvent } from '../../../src/trace/model.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { inFolder } from '../../builders/arc-lab.ts';
import { A_HEADER, beginPass, beginWait, endPass } from '../../builders/traces.ts';

/** A run with one session, whose trace is written. */
function aRun(number: number, trace = new TraceLog(A_HEADER)) {
  const info = {
    ...{
      id: `run-${number}-new`,
      name: `embedded ${number}`,
      mode: 'new',
      era: '',
      order: 1,
      kind: 'embedded' as const,
    },
    ...{ source: 'embedded', colour: 1, live: true, originUs: 50_000 },
  };
  const run = { id: `run-${number}`, name: info.name, title: `Timeline ${number}`, startedMs: 1_000 * number };
  const growing: GrowingTrace = { info, trace, untilUs: () => 900_000 };
  return { run, traces: [growing], trace };
}

/** A session in a window that has been open for 14 min 1 s. */
function aSession(mode: string, state: { readonly ended: boolean; readonly endedUs: number }): ShownSession {
  const run = { trace: new TraceLog({ ...A_HEADER, release: mode }), originUs: 50_000, nowUs: () => 841_000_000 };
  const about = { id: `run-1-${mode}`, name: 'embedded 1', settings: { mode }, target: { kind: 'embedded' } };
  return { ...about, ...state, run } as unknown as ShownSession;
}

function addPass(trace: TraceLog, runner: string, atUs: number): void {
  endPass(trace, beginPass(trace, runner, atUs), atUs + 10);
}

describe('runs that are kept when the window closes', () => {
  it('are the newest, whatever the order in which they were started and how many windows there were', () =>
    inFolder(async (folder) => {
      for (const numbers of [
        [1, 2, 3],
        [4, 7],
        [6, 5],
      ]) {
        const window = new KeptRuns(folder, { runs: 4, bytes: 1e9 });
        for (const number of numbers) {
          const { run, traces, trace } = aRun(number);
          addPass(trace, `ns/r${number}`, 10);
          await window.begin(run, traces);
        }
        await window.end();
      }
      const next = new KeptRuns(folder, { runs: 4, bytes: 1e9 });
      const runs = await next.list();
      assert.deepEqual(
        runs.map(({ id }) => id),
        ['run-7', 'run-6', 'run-5', 'run-4'],
      );
      for (const run of runs) {
        const [trace] = await next.read(run);
        assert.equal((trace?.event(0) as PassEvent).object, run.id.replace('run-', 'ns/r'));
        assert.equal(run.sessions[0]?.live, false);
      }
      assert.equal(readdirSync(folder).length, 8, 'files of runs that are not kept are left behind');
    }));

  it('read back as they were, with what was open and when that was', () =>
    inFolder(async (folder) => {
      const { run, traces, trace } = aRun(1);
      const window = new KeptRuns(folder);
      await window.begin(run, traces);
      for (let pass = 0; pass < 12_000; pass++) addPass(trace, `ns/r${pass % 50}`, pass * 100);
      await window.grow();
      addPass(trace, 'ns/last', 2_000_000);
      beginPass(trace, 'ns/stuck', 5, { worker: 1, queued: 0 });
      beginWait(trace, 'ns/waits', 'requeue', 7, 8);
      await window.end();
      const kept = new KeptRuns(folder);
      const [first] = await kept.list();
      assert.ok(first !== undefined);
      const [read] = await kept.read(first);
      assert.ok(read !== undefined);
      assert.deepEqual([...traceLines(read)].slice(1), [...traceLines(trace, 900_000)].slice(1));
      assert.equal(read.originUs, 50_000);
    }));

  it('end when their sessions came to rest or were stopped, however long the window stayed open after that', () =>
    inFolder(async (folder) => {
      const rested = aSession('old', { ended: true, endedUs: 14_430_000 });
      const stopped = aSession('new', { ended: true, endedUs: 9_000_000 });
      stopped.run.trace.end(9_100_000);
      const live = aSession('fixed', { ended: false, endedUs: 0 });
      const window = new KeptRuns(folder);
      const { run } = aRun(1);
      await window.begin(run, [rested, stopped, live].map(growingTrace));
      await window.end();
      const kept = new KeptRuns(folder);
      const [first] = await kept.list();
      assert.ok(first !== undefined);
      const ends = (await kept.read(first)).map(({ endedUs }) => endedUs);
      assert.deepEqual(ends, [14_430_000, 9_100_000, 841_000_000]);
    }));

  it('are readable up to where they were written when the window was killed', () =>
    inFolder(async (folder) => {
      const { run, traces, trace } = aRun(1);
      const window = new KeptRuns(folder);
      await window.begin(run, traces);
      for (let pass = 0; pass < 100; pass++) addPass(trace, 'ns/r', pass * 100);
      await window.grow();
      const file = join(folder, 'run-1-new.arctrace.jsonl');
      truncateSync(file, statSync(file).size - 20);
      const kept = new KeptRuns(folder);
      const [first] = await kept.list();
      assert.ok(first !== undefined, 'the run is not listed');
      assert.equal((await kept.read(first))[0]?.passCount, 99);
      await window.remove('run-1');
    }));

  it('are fewer where they are large, and one that is too large leaves the others in peace', () =>
    inFolder(async (folder) => {
      const limits = { runs: 10, bytes: 80_000 };
      for (const number of [1, 2, 3]) {
        const window = new KeptRuns(folder, limits);
        const { run, traces, trace } = aRun(number);
        for (let pass = 0; pass < 140; pass++) addPass(trace, 'ns/r', pass);
        await window.begin(run, traces);
        await window.end();
      }
      const size = readFileSync(join(folder, 'run-3-new.arctrace.jsonl')).length;
      assert.ok(size > 27_000 && size < 40_000, `${size} bytes`);
      const window = new KeptRuns(folder, limits);
      const huge = aRun(4);
      await window.begin(huge.run, huge.traces);
      for (let pass = 0; pass < 1_000; pass++) addPass(huge.trace, 'ns/r', pass);
      await window.grow();
      await window.end();
      const ids = (await new KeptRuns(folder, limits).list()).map(({ id }) => id);
      assert.ok(ids.includes('run-3'), 'the newest that fits is gone');
      assert.ok(!ids.includes('run-4'), 'a run that is too large is kept');
      assert.ok(!ids.includes('run-1'), 'more is kept than there is room for');
    }));

  it('are gone when somebody removes them, and a description that cannot be read hides no other', () =>
    inFolder(async (folder) => {
      const window = new KeptRuns(folder);
      for (const number of [1, 2, 11]) {
        const { run, traces } = aRun(number);
        await window.begin(run, traces);
      }
      await window.end();
      truncateSync(join(folder, 'run-2.json'), 10);
      const next = new KeptRuns(folder);
      await next.remove('run-1');
      assert.deepEqual(
        (await next.list()).map(({ id }) => id),
        ['run-11'],
      );
    }));
});

import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { EPHEMERAL_RUNNER } from '../../../src/reconciler/controller.ts';
import { parseTrace, traceLines, TraceFormatError, TraceReader } from '../../../src/trace/jsonl.ts';
import { knownPasses } from '../../builders/traces.ts';
import { traceSchema } from '../../builders/trace-schema.ts';

const validate = traceSchema();

function aTrace(mode: string): string[] {
  const settings = {
    ...DEFAULT_SETTINGS,
    mode,
    runners: 8,
    podStartUs: 40_000,
    jobDurationUs: 80_000,
    qps: 5,
    burst: 5,
  };
  return [...traceLines(simulate(settings).trace)];
}

describe('traces', () => {
  for (const mode of RELEASES.ids) {
    it(`of ${mode} obey the published schema, line by line`, () => {
      for (const line of aTrace(mode)) {
        assert.ok(validate(JSON.parse(line)), `${line}\n${JSON.stringify(validate.errors)}`);
      }
    });

    it(`of ${mode} read back as they were written`, () => {
      const lines = aTrace(mode);
      assert.deepEqual([...traceLines(parseTrace(lines.join('')))], lines);
    });

    it(`of ${mode} are consistent: waits before passes, phases and requests within them, one runner at a time`, () => {
      const busyUntil = new Map<string, number>();
      const workerUntil = new Map<number, number>();
      const passes = knownPasses(parseTrace(aTrace(mode).join('')));
      for (const pass of [...passes].sort((a, b) => a.started - b.started)) {
        assert.ok(pass.queued <= pass.ready && pass.ready <= pass.started && pass.started <= pass.ended);
        assert.ok(pass.started >= (busyUntil.get(pass.object) ?? 0), 'a runner was in two passes at once');
        assert.ok(pass.started >= (workerUntil.get(pass.worker) ?? 0), 'a worker was in two passes at once');
        busyUntil.set(pass.object, pass.ended);
        workerUntil.set(pass.worker, pass.ended);
        for (const { started, ended } of [...pass.phases, ...pass.requests]) {
          assert.ok(pass.started <= started && started <= ended && ended <= pass.ended);
        }
      }
    });
  }

  for (const atUs of [0, 30_000, 60_000, 150_000, 400_000, 1_000_000]) {
    it(`of a run that is cut off after ${atUs} µs obey the schema and read back with what was open then`, () => {
      const clock = new VirtualClock();
      const settings = { ...DEFAULT_SETTINGS, mode: 'old' as const, runners: 20, workers: 3, qps: 5, burst: 5 };
      const rig = new EmbeddedRig({ clock, settings, epochMs: VIRTUAL_EPOCH_MS });
      rig.start();
      rig.runnerSet.create(20, () => undefined);
      clock.run(atUs);
      const running = [...rig.trace.running()].length;
      assert.equal(running, rig.controllers.named(EPHEMERAL_RUNNER).activeWorkers);
      for (const end of [atUs + 5, undefined]) {
        // Once as it is saved while it goes on, once as it has ended.
        if (end === undefined) rig.trace.end(atUs + 5);
        const lines = [...traceLines(rig.trace, end)];
        for (const line of lines) assert.ok(validate(JSON.parse(line)), `${line}\n${JSON.stringify(validate.errors)}`);
        const read = parseTrace(lines.join(''));
        assert.deepEqual([...traceLines(read)], lines);
        assert.deepEqual([...read.open()], [...rig.trace.open()]);
        assert.equal(read.endedUs, atUs + 5);
        const { queue } = rig.controllers.named(EPHEMERAL_RUNNER);
        for (const { object } of [...rig.trace.open()].filter(({ started }) => started === undefined)) {
          assert.notEqual(queue.stateOf(object), undefined, `${object} does not wait`);
        }
        const running = rig.trace.runningKeys();
        const waits = [...rig.trace.waits.keys()].filter((key) => !running.has(key));
        assert.equal(waits.length, queue.length + queue.delayedLength, 'as many wait as there are in the queue');
      }
    });
  }

  it('lie side by side in one file', () => {
    const [old, fresh] = [aTrace('old'), aTrace('new')];
    const reader = new TraceReader();
    reader.push([...old, ...fresh].join(''));
    const [first, second, ...more] = reader.end();
    assert.ok(first !== undefined && second !== undefined && more.length === 0);
    assert.deepEqual([...traceLines(first)], old);
    assert.deepEqual([...traceLines(second)], fresh);
  });

  it('with something that is open and says that it has ended are refused', () => {
    const wait = { type: 'pass', runner: 'ns/a', mode: 'new', trigger: 'requeue', queued: 1, ready: 2 };
    const open = { ...wait, worker: 0, attempt: 1, started: 3, phases: [], requests: [] };
    const refused = [
      { ...wait, worker: 0 },
      { ...open, result: 'done' },
      { ...open, ended: 4 },
      {
        ...open,
        requests: [{ to: 'actions', verb: 'get', resource: 'x', name: '', throttled: 0, started: 3, status: 200 }],
      },
    ];
    for (const line of [wait, open]) assert.ok(validate(line), JSON.stringify(validate.errors));
    for (const line of refused) assert.ok(!validate(line), `the schema accepts ${JSON.stringify(line)}`);
  });

  it('that end in the middle of a line are read up to there', () => {
    const lines = aTrace('new');
    const cut = lines.join('').slice(0, -20);
    assert.equal(parseTrace(cut).length, lines.length - 2);
  });

  it('that are invalid are refused with the number of the line', () => {
    const [header = '', first = ''] = aTrace('new');
    const cases: [string, RegExp][] = [
      ['', /line 1/],
      ['{"type":"pass"}\n', /line 1 is not a trace header/],
      [header.replace('"version":2', '"version":3'), /version 3; this release reads versions 1 and 2/],
      [`${header}${first}nonsense\n`, /line 3 is not a JSON object/],
      [`${header}{"type":"other"}\n`, /line 2 has an unknown type: other/],
    ];
    for (const [text, message] of cases)
      assert.throws(
        () => parseTrace(text),
        (error) => isRefusal(error, message),
      );
  });
});

function isRefusal(error: unknown, message: RegExp): boolean {
  assert.ok(error instanceof TraceFormatError);
  assert.match(error.message, message);
  return true;
}

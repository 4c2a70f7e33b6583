import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { compareReleases } from '../../../src/cli/compare.ts';
import { runCall } from '../../../src/cli/run-call.ts';
import { NO_MAXIMUM } from '../../../src/reconciler/autoscaling-runner-set/listener-for.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { commandLineOf, commandLinesOf } from '../../../src/run/command-line.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import type { Load, RunTarget } from '../../../src/run/run-target.ts';
import { RunSession } from '../../../src/run/session.ts';
import { fitting } from '../../../src/run/fitting-settings.ts';
import { DEFAULT_SETTINGS, POD_PRESET_NAMES, type RunSettings } from '../../../src/run/settings.ts';
import { startRun } from '../../../src/run/start-run.ts';
import type { TraceLog } from '../../../src/trace/trace-log.ts';

const UNTIL_US = 120_000_000;

/** What a session differs in from the defaults. */
interface Case {
  readonly settings?: Partial<RunSettings>;
  readonly load?: Load;
}

const CASES: Readonly<Record<string, Case>> = {
  'the defaults': {},
  'thirty runners and one worker': { settings: { runners: 30, workers: 1, seed: 7 } },
  'a slow service and a fast cluster': { settings: { jitLatencyUs: 1_500_000, apiLatencyUs: 250 } },
  'a small client limit': { settings: { runners: 20, qps: 2.5, burst: 1 } },
  'pods that run and jobs that end': { settings: { podStartUs: 500_000, jobDurationUs: 2_000_000 } },
  'a preset whose jobs end': { settings: { pods: 'no-capacity', podStartUs: 1_000_000 } },
  'pods that stay pending': { settings: { pods: 'none' } },
  'runners at a rate': { settings: { runners: 12 }, load: { perSecond: 3 } },
  'runners through a set': { settings: { runners: 5 }, load: { throughSet: true } },
  'a scale set with jobs': {
    settings: { runners: 4, jobDurationUs: 3_000_000 },
    load: {
      scaleSet: {
        jobs: parseLoad('4 at once'),
        ...{ minRunners: 1, maxRunners: 3 },
        listener: parseTroubles('slow by 1ms, kill at 10s, evict at 20.5s, slow by 0 at 30s'),
      },
    },
  },
  'a scale set without a maximum, whose jobs come for ever': {
    settings: { runners: 1_000 },
    load: { scaleSet: { jobs: parseLoad('7 a minute'), minRunners: 0, maxRunners: NO_MAXIMUM } },
  },
  'faults from the start': {
    load: {
      conditions: {
        faults: [
          { verb: 'create', resource: 'pods', status: 500, times: 3 },
          { verb: '*', resource: 'secrets', status: 0, times: 1 },
        ],
        actionsFaults: [{ operation: 'generatejitconfig', status: 503, times: 2 }],
      },
    },
  },
  'latencies from the start': {
    load: { conditions: { apiLatencyUs: 20_000, jitLatencyUs: 900_000, otherActionsLatencyUs: 70_000 } },
  },
};

/** What a shell makes of a line. */
function words(line: string): string[] {
  const text = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return text.split('\0').slice(0, -1);
}

function eventsOf(trace: TraceLog): unknown[] {
  return [trace.header, ...trace.events(), ...trace.open()];
}

function unexpected(error: Error): void {
  assert.fail(error.message);
}

describe('a session, its copied command line and a simulation', () => {
  for (const mode of RELEASES.ids) {
    for (const [name, { settings: change = {}, load }] of Object.entries(CASES)) {
      it(`are the same run, event for event: ${mode}, ${name}`, () => {
        const settings: RunSettings = { ...DEFAULT_SETTINGS, mode, ...change };
        const clock = new VirtualClock();
        const session = RunSession.embedded(settings, { clock, load, onCreationFailed: assert.fail });
        clock.run(UNTIL_US);
        const line = commandLineOf(settings, { kind: 'embedded' }, { load });

        const call = runCall(words(line).slice(3));
        assert.equal(call.target.kind, 'embedded');
        const calledClock = new VirtualClock();
        const hooks = { clock: calledClock, load: call.load, onCreationFailed: unexpected };
        const called = startRun({ kind: 'embedded' }, call.settings, hooks);
        calledClock.run(UNTIL_US);

        assert.ok(session.trace.passCount > 3, 'too little happened to be compared');
        assert.deepEqual(eventsOf(called.trace), eventsOf(session.trace), line);
        const simulated = simulate(settings, { horizonUs: UNTIL_US, ...(load === undefined ? {} : { load }) }).trace;
        // A simulation may end before: a listener polls for ever, also when all is done.
        const most = Math.min(simulated.length, session.trace.length);
        const [events, others] = [session.trace, simulated].map((trace) => [...trace.events()].slice(0, most));
        assert.deepEqual(others, events, 'the simulation is another run');
      });
    }
  }
});

describe('the copied command line', () => {
  const both = RELEASES.comparison.map((mode) => ({
    settings: { ...DEFAULT_SETTINGS, mode, runners: 3, workers: 2, podStartUs: 2_000_000 },
    target: { kind: 'embedded' } as const,
  }));

  it('is one comparison for modes that differ in nothing else, which is the same run in each mode', async () => {
    const [line = '', ...more] = commandLinesOf(both);
    assert.deepEqual(more, []);
    assert.equal(line, 'npx arc-lab compare --runners 3 --workers 2 --pod-start 2000ms');
    let text = '';
    const out = { write: (piece: string) => (text += piece) !== '', isTTY: false, columns: 80 };
    const args = [...words(line).slice(3), '--virtual', '--json'];
    await compareReleases(args, out, new AbortController().signal, RELEASES);
    const { results } = JSON.parse(text) as { results: { settings: RunSettings }[] };
    const asked = both.map(({ settings }) => JSON.parse(JSON.stringify(settings)) as RunSettings);
    assert.deepEqual(
      results.map(({ settings }) => settings),
      asked,
    );
  });

  it('says that a set makes the runners where it does in all', () => {
    const lines = commandLinesOf(both.map((one) => ({ ...one, load: { throughSet: true } })));
    assert.deepEqual(lines, ['npx arc-lab compare --runners 3 --workers 2 --through-set --pod-start 2000ms']);
  });

  it('is one comparison of many versions with latencies that the sessions began with', () => {
    const settings = { ...DEFAULT_SETTINGS, runners: 100, workers: 4 };
    const load = { conditions: { jitLatencyUs: 400_000 } };
    const sessions = ['0.12.1', '0.13.1', '0.14.2'].map((mode) => ({
      ...both[0],
      settings: { ...settings, mode },
      load,
    }));
    assert.deepEqual(commandLinesOf(sessions as typeof both), [
      'npx arc-lab compare --modes 0.12.1,0.13.1,0.14.2 --runners 100 --workers 4 --jit-latency 400ms',
    ]);
  });

  it('is one comparison of scale sets with the same jobs, which is the same run in each mode', async () => {
    const jobs = parseLoad('3 at once');
    const load = { scaleSet: { jobs, minRunners: 0, maxRunners: 2, listener: parseTroubles('kill at 5s') } };
    const [line = '', ...more] = commandLinesOf(both.map((one) => ({ ...one, load })));
    assert.deepEqual(more, []);
    assert.equal(
      line,
      "npx arc-lab compare --jobs '3 at once' --max 2 --listener 'kill at 5000ms' --workers 2 --pod-start 2000ms",
    );
    let text = '';
    const out = { write: (piece: string) => (text += piece) !== '', isTTY: false, columns: 80 };
    const args = [...words(line).slice(3), '--virtual', '--json'];
    await compareReleases(args, out, new AbortController().signal, RELEASES);
    const { results } = JSON.parse(text) as { results: { settings: RunSettings; scaleSet: unknown; jobs: unknown }[] };
    assert.deepEqual(
      results.map(({ settings, scaleSet }) => ({ settings, scaleSet })),
      both.map(({ settings }) => ({ settings: JSON.parse(JSON.stringify(settings)) as unknown, ...load })),
    );
    for (const { jobs: done } of results) assert.partialDeepStrictEqual(done, { jobs: 3, done: 3 });
  });

  it('asks for no end of jobs that come for ever', () => {
    const scaleSet = { jobs: parseLoad('5 a minute'), minRunners: 0, maxRunners: 4 };
    const lines = commandLinesOf(both.map((one) => ({ ...one, load: { scaleSet } })));
    assert.deepEqual(
      lines.map((line) => words(line).slice(3).join(' ')),
      ['old', 'new'].map((mode) => `--mode ${mode} --jobs 5 a minute --max 4 --pod-start 2000ms`),
    );
  });

  it('is a call for each session where a comparison would be another run, and each ends by itself', () => {
    const [first, second] = both as [(typeof both)[0], (typeof both)[0]];
    const others = [
      [first, { ...second, settings: { ...second.settings, seed: 2 } }],
      both.map((one) => ({ ...one, load: { perSecond: 3 } })),
      [first, { ...second, load: { throughSet: true } }],
      both.map((one) => ({ ...one, load: { conditions: { otherActionsLatencyUs: 5_000 } } })),
      [first, { ...second, load: { conditions: { jitLatencyUs: 5_000 } } }],
      both.map((one) => ({ ...one, metrics: { host: '127.0.0.1', port: 1 } })),
      [first, first],
      [first],
    ];
    for (const sessions of others) {
      const lines = commandLinesOf(sessions);
      assert.equal(lines.length, sessions.length, lines.join());
      for (const line of lines) assert.match(line, /^npx arc-lab run .* --until-idle$/);
    }
  });

  const us = fc.integer({ min: 0, max: 3_600_000_000 });
  const settings: fc.Arbitrary<RunSettings> = fc.record(
    {
      mode: fc.constantFrom(...RELEASES.ids),
      runners: fc.integer({ min: 1, max: 100_000 }),
      workers: fc.integer({ min: 1, max: 1_000 }),
      qps: fc.integer({ min: 0, max: 100_000 }).map((tenths) => tenths / 10),
      burst: fc.integer({ min: 1, max: 1_000 }),
      jitLatencyUs: us,
      apiLatencyUs: us,
      pods: fc.option(fc.constantFrom(...POD_PRESET_NAMES.keys()), { nil: undefined }),
      podStartUs: fc.option(us, { nil: undefined }),
      jobDurationUs: fc.option(us, { nil: undefined }),
      seed: fc.nat(),
    },
    { noNullPrototype: true },
  );

  it('gives back every setting of a run on the embedded cluster', () => {
    fc.assert(
      fc.property(settings, fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined }), (drawn, perSecond) => {
        const asked = fitting(drawn);
        const line = commandLineOf(asked, { kind: 'embedded' }, { load: { perSecond } });
        const call = runCall(line.split(' ').slice(3));
        assert.deepEqual(call.settings, asked, line);
        assert.deepEqual(call.load, { perSecond, conditions: undefined }, line);
      }),
    );
  });

  it('gives back the target, whatever its names hold', () => {
    const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/^-|\0/.test(text));
    const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
    const targets = fc
      .record({ context: name, kubeconfig: maybe(name), namespace: maybe(name), runnerSet: maybe(name) })
      .chain((names) => fc.record({ names: fc.constant(names), apply: fc.boolean(), held: fc.boolean() }))
      .map(({ names: { runnerSet, ...names }, apply, held }): RunTarget => {
        const given = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined));
        const scope = runnerSet === undefined ? {} : { scope: { runnerSet } };
        return { kind: 'attached', apply, simulatePods: !apply, held: held && !apply, ...given, ...scope };
      });
    fc.assert(
      fc.property(targets, (target) => {
        const line = commandLineOf({ ...DEFAULT_SETTINGS, mode: 'new' }, target);
        assert.deepEqual(runCall(words(line).slice(3)).target, target, line);
      }),
      { numRuns: 40 },
    );
  });
});

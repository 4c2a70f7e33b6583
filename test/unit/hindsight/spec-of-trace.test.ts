import assert from 'node:assert/strict';
import { notRepeated, specOfTrace } from '../../../src/hindsight/spec-of-trace.ts';
import { chronicle } from '../../../src/hindsight/chronicle.ts';
import { parseFaults, type Faults } from '../../../src/run/conditions-control.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseHappenings } from '../../../src/run/happenings.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import type { Load } from '../../../src/run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { traceLines, TraceReader } from '../../../src/trace/jsonl.ts';
import type { TraceLog } from '../../../src/trace/trace-log.ts';

const jobs = (text: string): Pick<Load, 'scaleSet'> => ({
  scaleSet: { jobs: parseLoad(text), minRunners: 1, maxRunners: 5, listener: parseTroubles('kill at 10s') },
});

const RUNS: readonly (readonly [name: string, settings: Partial<RunSettings>, load: Load, horizonUs?: number])[] = [
  ['runners', { pods: 'fails-at-start', seed: 7, workers: 3 }, {}],
  ['a release with changes', { mode: '0.14.2-4390', jitShape: { kind: 'lognormal', sigma: 0.5 } }, { perSecond: 2 }],
  [
    'faults and interference',
    { workqueueRateLimiter: 'bucket_rate_limiter' },
    {
      ...{ conditions: { ...(parseFaults('create pods 403 1') as Faults), otherActionsLatencyUs: 30_000 } },
      ...{ happenings: parseHappenings('delete runner-1 at 2s, kill controller at 3s'), removalOfUnknown: 404 },
    },
  ],
  ['a set', { jobDurationUs: 3_000_000 }, { throughSet: true }, 60_000_000],
  ['an upgrade', {}, { upgrade: { from: '0.12.1', afterUs: 5_000_000, keepsDefinitions: true } }],
  ['a scale set', { jobDurationUs: 5_000_000 }, jobs('0s, 20s')],
  ['jobs at a rate', { jobDurationUs: 5_000_000 }, jobs('6 jobs, 5 a minute')],
];

function reread(lines: Iterable<string>): TraceLog {
  const reader = new TraceReader();
  for (const line of lines) reader.push(line);
  const [trace] = reader.end();
  assert.ok(trace !== undefined);
  return trace;
}

describe('the run of a trace', () => {
  for (const [name, settings, load, horizonUs] of RUNS) {
    it(`is made again from its header alone, pass for pass: ${name}`, () => {
      const all = { ...DEFAULT_SETTINGS, mode: '0.14.2', podStartUs: 1_000_000, ...settings };
      const { trace, originUs } = simulate(all, { load, ...(horizonUs === undefined ? {} : { horizonUs }) });
      const lines = [...traceLines(trace, trace.endedUs, originUs)];
      const spec = specOfTrace(reread(lines));
      const again = simulate(spec.settings, {
        ...(spec.load && { load: spec.load }),
        horizonUs: horizonUs ?? 86_400e6,
      });
      const repeated = [...traceLines(again.trace, again.trace.endedUs, again.originUs)];
      assert.deepEqual(JSON.parse(repeated[0] ?? ''), JSON.parse(lines[0] ?? ''));
      const other = lines.findIndex((line, index) => index > 0 && line !== repeated[index]);
      assert.deepEqual([repeated.length, repeated[other]], [lines.length, lines[other]], `line ${other} is another`);
    }).timeout(30_000);
  }

  it('lacks what somebody did to it meanwhile, which is said', () => {
    const all = { ...DEFAULT_SETTINGS, mode: '0.14.2', podStartUs: 1_000_000 };
    const load = { happenings: parseHappenings('delete runner-1 at 2s') };
    const { trace } = simulate(all, { load });
    trace.addMark({ at: 3_000_000, what: 'fault', text: 'API requests take 2 s', basis: 'run' });
    const told = chronicle({ ...specOfTrace(trace), subject: { kind: 'all' } });
    assert.deepEqual(notRepeated(trace, told), ['API requests take 2 s']);
  });

  for (const [name, header, says] of [
    ['a log', { sources: [{ kind: 'controller-log' }] }, /This log shows what happened, not what was answered/],
    ['a run on a cluster', { sources: [{ kind: 'remote' }] }, /which cannot be simulated/],
    [
      'a run whose release is not known',
      { settings: { mode: '9.9.9' } },
      /does not say how its run was made \(.*9\.9\.9/,
    ],
    ['a run without its settings', { settings: {} }, /does not say how its run was made/],
    ['jobs that are none', { settings: { scaleSet: { jobs: { kind: 'times', atUs: ['1s'] } } } }, /\(atUs is missing/],
    [
      'a listener that is none',
      { settings: { scaleSet: { listener: [{ do: 'x', atUs: 1 }] } } },
      /\((jobs|what happens)/,
    ],
  ] as const) {
    it(`cannot be made again of ${name}, in one sentence`, () => {
      const usual = { ...DEFAULT_SETTINGS, mode: '0.14.2' };
      const given = header as { settings?: object; sources?: object[] };
      const settings = given.settings === undefined || !('scaleSet' in given.settings) ? {} : usual;
      const line = {
        ...{ type: 'header', version: 2, start: '2026-01-01T00:00:00Z', sources: [{ kind: 'embedded' }] },
        ...{ settings: usual, ...given },
        ...(Object.keys(settings).length === 0 ? {} : { settings: { ...settings, ...given.settings } }),
      };
      assert.throws(() => specOfTrace(reread([`${JSON.stringify(line)}\n`])), says);
    });
  }
});

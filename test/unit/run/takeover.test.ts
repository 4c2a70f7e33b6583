import assert from 'node:assert/strict';
import { compareReleases } from '../../../src/cli/compare.ts';
import { runCall } from '../../../src/cli/run-call.ts';
import { scaleSetFigures } from '../../../src/analysis/scale-set-figures.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { parseLaunch } from '../../../src/debug-adapter/launch-arguments.ts';
import { takeoverText } from '../../../src/explain/handover-words.ts';
import { markSentences } from '../../../src/explain/mark-words.ts';
import type { ObjectList } from '../../../src/kubernetes/cluster.ts';
import { listRequest } from '../../../src/kubernetes/request.ts';
import { AutoscalingListeners, AutoscalingRunnerSets, Pods } from '../../../src/kubernetes/resource.ts';
import type { Pod } from '../../../src/kubernetes/types.ts';
import { MetricsServer } from '../../../src/model/metrics-server.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { commandLineOf } from '../../../src/run/command-line.ts';
import { simulate, type FinishedRun } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import type { PastUpgrade } from '../../../src/run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import type { EmbeddedRun } from '../../../src/run/start-embedded.ts';
import { startRun } from '../../../src/run/start-run.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';

const SECOND_US = 1_000_000;
/** A job every two seconds for a minute. */
const JOBS = parseLoad(Array.from({ length: 30 }, (_, index) => `${2 * index}s`).join(', '));

interface Taken extends FinishedRun {
  readonly run: EmbeddedRun;
  readonly said: string;
}

function taken(
  from: string,
  to: string,
  upgrade: Partial<PastUpgrade> = {},
  changes: Partial<RunSettings> = {},
  horizonUs = 600 * SECOND_US,
): Taken {
  let run: EmbeddedRun | undefined;
  const finished = simulate(
    { ...DEFAULT_SETTINGS, jobDurationUs: 5 * SECOND_US, ...changes, mode: to },
    {
      load: {
        scaleSet: { jobs: JOBS, minRunners: 1, maxRunners: 20 },
        upgrade: { from, afterUs: 20 * SECOND_US, ...upgrade },
      },
      horizonUs,
      onStarted: (started) => (run = started),
    },
  );
  assert.ok(run !== undefined);
  return { ...finished, run, said: takeoverText(run) ?? '' };
}

function jobsDone({ trace }: FinishedRun): string {
  const { jobs } = scaleSetFigures(trace);
  return `${jobs.filter(({ completedUs }) => completedUs !== undefined).length} of ${jobs.length}`;
}

describe('what is said of two sets of runners for one scale set', () => {
  it('is how many runners they made for how many jobs, and how many there were at a time', () => {
    const run = taken('0.14.2', 'latest');
    const { runners, mostRunners } = scaleSetFigures(run.trace);
    assert.ok((runners.created?.length ?? 0) > 31, 'more than jobs and minimum need');
    const text = `Together the two sets made ${runners.created?.length} runners for 30 jobs, and had up to ${mostRunners} at a time`;
    assert.ok(run.said.includes(text), run.said);
    assert.doesNotMatch(taken('0.13.1', '0.14.2').said, /Together/);
  });

  it('names the chart of a version that was published, where a scale set is gone', () => {
    assert.match(taken('0.14.2', 'new', { keepsLabel: true }).said, /Install it again with the chart of 0\.10\.1\./);
    const { said } = taken('0.14.2', '0.10.0', { keepsLabel: true });
    assert.match(said, /^0\.10\.0 deleted the scale set .+ with the chart of 0\.10\.0\./m);
    assert.match(said, /^The listener \S+ of 0\.14\.2 stays without its scale set\. Delete/m);
    assert.doesNotMatch(said, /\bnew\b/);
  });
});

const BORDERS = RELEASES.ids.slice(1).map((to, index) => [RELEASES.ids[index] ?? '', to] as const);

describe('a release that takes over a scale set while jobs come', () => {
  for (const [from, to] of [...BORDERS, ['0.12.1', '0.14.2'], ['0.14.2', '0.13.1'], ['latest', 'latest']] as const) {
    // The listener of 0.14.0 acquires no job, and goes on as it was.
    const all = from === '0.14.0' ? 0 : 30;
    it(`lets ${all} of 30 jobs be done, ${from} to ${to}`, () => {
      const run = taken(from, to);
      assert.equal(jobsDone(run), `${all} of 30`);
      assert.equal(run.end.kind, all === 0 ? 'cut-off' : 'quiet');
      assert.match(
        run.said,
        new RegExp(
          `^${to} took over from ${from} after 20\\.\\d\\d s\\. Jobs by then: \\d+ done, \\d running, \\d+ waiting\\.`,
        ),
      );
    });
  }

  it('is one trace, with passes of both under numbers of their own, and none that overlap on a worker', () => {
    const { trace } = taken('0.13.1', '0.14.2');
    const passes = [...trace.passes()];
    assert.equal(new Set(passes.map(({ id }) => id)).size, passes.length);
    const lastEnds = new Map<string, number>();
    for (const { controller, worker, started = NaN, ended } of passes.sort(
      (a, b) => (a.started ?? 0) - (b.started ?? 0),
    )) {
      const name = `${controller} ${worker}`;
      assert.ok(started >= (lastEnds.get(name) ?? 0), `${name} at ${started}`);
      lastEnds.set(name, ended);
    }
    const [mark] = trace.marks;
    assert.match(markSentences(trace).join(), /^0\.14\.2 takes over from 0\.13\.1 at /);
    assert.ok(
      passes.some(({ ended }) => ended < (mark?.at ?? 0)) &&
        passes.some(({ started = 0 }) => started > (mark?.at ?? 0)),
    );
    assert.equal([...parseTrace([...traceLines(trace)].join('')).passes()].length, passes.length);
  });

  it('waits for the moment though no job is left before it', () => {
    const run = taken('0.13.1', '0.14.2', { afterUs: 300 * SECOND_US });
    assert.match(run.said, /after 5 min 0 s\. Jobs by then: 30 done, 0 running, 0 waiting\.$/m);
  });

  it('is after 0 where it takes over at once', () => {
    assert.match(taken('0.13.1', '0.14.2', { afterUs: 0 }).said, /^0\.14\.2 took over from 0\.13\.1 after 0\. Jobs by/);
  });

  it('says so where the run ends before that', () => {
    const run = taken('0.13.1', '0.14.2', { afterUs: 300 * SECOND_US }, {}, 10 * SECOND_US);
    assert.equal(run.said, 'The run ended before 0.14.2 took over.');
  });

  it('deletes the scale set where only the controller was upgraded, so that later jobs wait', () => {
    const run = taken('0.13.1', '0.14.2', { keepsLabel: true });
    assert.notEqual(jobsDone(run), '30 of 30');
    assert.match(run.said, /^0\.14\.2 deleted the scale set lab with its runners.*Install it again with the chart/m);
    assert.equal(run.run.environment.cluster.api.store.of(AutoscalingRunnerSets).size, 0);
  });

  for (const [from, to, goesOn] of [
    ['0.12.1', '0.13.1', true],
    ['0.12.1', '0.14.2', true],
    ['0.12.1', 'latest', true],
    ['0.11.0', '0.14.2', false],
    ['0.9.3', '0.14.2', false],
  ] as const) {
    it(`leaves two listeners where their names differ, and one of them has the session, ${from} to ${to}`, () => {
      const run = taken(from, to);
      const { store } = run.run.environment.cluster.api;
      assert.equal(store.of(AutoscalingListeners).size, 2);
      const given = [...run.trace.events()].flatMap((event) =>
        event.type === 'request' && event.resource === 'create-session' && event.status === 200 ? [event.listener] : [],
      );
      const holders = given.filter((listener, place) => listener !== given[place - 1]);
      assert.equal(holders.length, goesOn ? 1 : 2, 'no listener takes the session from another');
      assert.equal(jobsDone(run), '30 of 30');
      const [left, other] = [holders[0], holders[1]].map((key) => key?.split('/')[1] ?? 'lab-\\w+-listener');
      const stays = `The listener ${left} of ${from} stays`;
      const said = goesOn
        ? `${stays} and has the session of its scale set\\. The pod of ${other}, the listener of ${to}, ends and is made again: GitHub refuses it a session \\(409, .+\\)\\.`
        : `${stays}, but ${other}, the listener of ${to}, has the session of the scale set\\. The pod of the first ends and is made again: ${from} cannot read the configuration that ${to} writes\\.`;
      assert.match(run.said, new RegExp(`^${said} Delete the AutoscalingListener ${left}\\.$`, 'm'));
    });
  }

  it('starts no worker where a runner has a failure that it cannot read', () => {
    const run = taken('0.11.0', '0.12.1', {}, { pods: 'fails-at-start' });
    assert.match(run.said, /^0\.12\.1 starts no worker: 0\.11\.0 wrote true into status\.failures/);
  });

  it('runs the listener of the release whose image its pod has', () => {
    const { run } = taken('0.13.1', '0.14.2');
    const { items } = run.environment.cluster.api.handle(listRequest(Pods, '')) as ObjectList<Pod>;
    const images = items.map(({ spec }) => spec.containers.find(({ name }) => name === 'listener')?.image);
    assert.deepEqual(
      images.filter((image) => image !== undefined),
      ['ghcr.io/actions/gha-runner-scale-set-controller:0.13.1'],
      'a listener that is not changed goes on as it was',
    );
    assert.match(
      taken('0.14.0', '0.14.2').said,
      /^The listener lab-.*-listener goes on as 0\.14\.0, as its AutoscalingListener names that image\. Delete/m,
    );
  });

  it('has metrics that begin again, as those of another process, beside those of the listener, which go on', async () => {
    const metrics = await MetricsServer.listen({ host: '127.0.0.1', port: 0 });
    const clock = new VirtualClock();
    const run = startRun(
      { kind: 'embedded' },
      { ...DEFAULT_SETTINGS, jobDurationUs: SECOND_US, mode: '0.14.2' },
      {
        ...{ clock, metrics, onCreationFailed: (error) => assert.fail(error.message) },
        load: {
          scaleSet: { jobs: parseLoad('5'), minRunners: 0, maxRunners: 5 },
          upgrade: { from: '0.13.1', afterUs: 60 * SECOND_US },
        },
      },
    );
    const value = (text: string, name: string): number =>
      [...text.matchAll(new RegExp(`^${name}.* (\\d+)$`, 'gm'))].reduce((sum, [, count]) => sum + Number(count), 0);
    const passes = 'controller_runtime_reconcile_total\\{controller="ephemeralrunner",result="success"\\}';
    clock.run(59 * SECOND_US);
    const before = value(await metrics.text(), passes);
    clock.run(70 * SECOND_US);
    const text = await metrics.text();
    assert.ok(before >= 20 && value(text, passes) < before, `${before} passes before, ${value(text, passes)} after`);
    assert.equal(value(text, 'gha_completed_jobs_total'), 5);
    run.end();
    metrics.dispose();
  });
});

describe('a takeover on the command line', () => {
  it('takes --jobs and --upgrade-from together, and gives the same call back', () => {
    const args = [
      '--mode',
      '0.14.2',
      '--jobs',
      '3',
      '--upgrade-from',
      '0.13.1',
      '--upgrade-after',
      '10s',
      '--old-label',
    ];
    const { load, settings } = runCall(args);
    assert.deepEqual(load.upgrade, { from: '0.13.1', afterUs: 10 * SECOND_US, keepsLabel: true });
    assert.match(
      commandLineOf(settings, { kind: 'embedded' }, { load }),
      /--jobs '3 at once' .*--upgrade-from 0\.13\.1 --upgrade-after 10000ms --old-label/,
    );
  });

  it('refuses what says nothing: flags of an upgrade without one, and a label without a scale set', () => {
    assert.throws(() => runCall(['--jobs', '3', '--old-label']), /--old-label needs --upgrade-from/);
    assert.throws(() => runCall(['--old-label', '--upgrade-from', '0.13.1']), /scale set with --jobs/);
  });

  it('compares what several releases make of the same objects', async () => {
    const written: string[] = [];
    const out = { isTTY: false, columns: 100, write: (text: string): boolean => written.push(text) > 0 };
    const args = [
      '--modes',
      '0.13.1,0.14.2',
      '--virtual',
      '--jobs',
      '3',
      '--upgrade-from',
      '0.12.1',
      '--upgrade-after',
      '5s',
    ];
    await compareReleases(args, out, new AbortController().signal, RELEASES);
    const text = written.join('');
    assert.match(text, /, 0\.12\.1 for the first 5\.00 s, /);
    for (const mode of ['0.13.1', '0.14.2'])
      assert.match(text, new RegExp(`^${mode}: ${mode} took over from 0\\.12\\.1`, 'm'));
    await assert.rejects(
      compareReleases(['--upgrade-from', '0.12.1'], out, new AbortController().signal, RELEASES),
      /--upgrade-from is for a scale set with --jobs/,
    );
  });

  it('is not debugged, and one sentence says why', () => {
    assert.throws(
      () => parseLaunch({ jobs: '3', upgradeFrom: '0.13.1' }),
      /a recording follows the controllers of one release/,
    );
  });
});

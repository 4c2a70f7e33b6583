import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { deleteRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners } from '../../../src/kubernetes/resource.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { simulate, simulateInSlices, type FinishedRun } from '../../../src/run/embedded-run.ts';
import { attachedRun, embeddedRun, LoopWatch } from '../../../src/run/loop-watch.ts';
import { htmlReport } from '../../../src/report/html.ts';
import { endText, type Loop } from '../../../src/run/run-end.ts';
import { DEFAULT_SETTINGS, POD_PRESET_NAMES, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

const MINUTE_US = 60_000_000;
const STILL_RUNNING = {
  status: 400,
  body: { typeName: 'GitHub.DistributedTask.WebApi.JobStillRunningException, x', message: 'still running' },
  times: Infinity,
};

function settingsFor(mode: string, changes: Partial<RunSettings> = {}): RunSettings {
  return { ...DEFAULT_SETTINGS, mode, ...changes };
}

describe('a run in virtual time has an end', () => {
  it('with every preset of pods and jobs that end: it is quiet, or says what comes round', () => {
    for (const pods of POD_PRESET_NAMES.keys()) {
      for (const mode of RELEASES.ids) {
        const run = simulate(settingsFor(mode, { pods, jobDurationUs: 10_000_000 }));
        assert.ok(['quiet', 'not-quiet'].includes(run.end.kind), `${pods} in ${mode}: ${JSON.stringify(run.end)}`);
        assert.equal(endText(run.end) === '', run.end.kind === 'quiet', `${pods} in ${mode}`);
      }
    }
  });

  it('that it reports as not quiet, with key, answer, times and back-off, where every registration is refused', () => {
    for (const mode of RELEASES.ids) {
      const actions = { script: { generatejitconfig: [{ status: 400, body: {}, times: Infinity }] } };
      const { end, statistics } = simulate(settingsFor(mode, { runners: 2 }), { actions });
      assert.equal(statistics.pods, 0);
      assert.equal(end.kind, 'not-quiet');
      assert.match(
        endText(end),
        /^Not quiet: registration of runner-1 and 1 more refused with a back-off of now \d+ (s|min).*, \d\d times \(400: .*\); nothing else is left to happen\.$/,
      );
    }
  });

  it('that comes no sooner for answers that fail often and then succeed', () => {
    const actions = { script: { generatejitconfig: [{ status: 400, body: {}, times: 12 }] } };
    const { end, statistics } = simulate(settingsFor('new', { runners: 1 }), { actions });
    assert.deepEqual(end, { kind: 'quiet' });
    assert.equal(statistics.pods, 1);
    assert.equal(statistics.results.error, 12);
  });

  it('at its horizon while jobs run longer than that, and after long jobs where it has room for them', () => {
    const settings = settingsFor('new', { jobDurationUs: 300 * MINUTE_US });
    const cut = simulate(settings, { horizonUs: 120 * MINUTE_US });
    assert.equal(endText(cut.end), 'Not quiet: ended at the horizon of 2 h.');
    assert.deepEqual(simulate(settings).end, { kind: 'quiet' });
  });

  it('in one go and in slices alike', async () => {
    const settings = settingsFor('old', { runners: 60, podStartUs: 1_000_000, jobDurationUs: 5_000_000 });
    const strip = ({ settings: _settings, trace, ...rest }: FinishedRun) => ({ ...rest, passes: [...trace.passes()] });
    assert.deepEqual(strip(await simulateInSlices(settings)), strip(simulate(settings)));
  });

  it('soon after it was asked to end, with the figures so far', async () => {
    const interrupt = new AbortController();
    setImmediate(() => interrupt.abort());
    const run = await simulateInSlices(settingsFor('new', { runners: 50_000 }), { signal: interrupt.signal });
    assert.equal(run.end.kind, 'interrupted');
    assert.ok(run.statistics.passes > 0 && run.statistics.pods < 50_000, 'it ran to its end');
  });
});

describe('what is left when only loops are left', () => {
  /** A lab with a runner whose removal is refused for ever, as for a job that still runs. */
  function aRefusedRemoval(runners: number) {
    const clock = new VirtualClock();
    const settings = settingsFor('new', { runners });
    const script = { 'delete-runner': [STILL_RUNNING] };
    const rig = new EmbeddedRig({ clock, settings, epochMs: VIRTUAL_EPOCH_MS, actions: { script } });
    rig.start();
    rig.runnerSet.create(runners, () => undefined);
    clock.run();
    rig.cluster.api.handle(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1'));
    return { clock, rig };
  }

  it('is named with its key, its answer, how often and every how long', () => {
    const { clock, rig } = aRefusedRemoval(3);
    let seen: readonly Loop[] | undefined;
    const watch = new LoopWatch(clock, embeddedRun(clock, rig), 20 * MINUTE_US, (loops) => (seen = loops));
    assert.ok(
      clock.run(180 * MINUTE_US, () => seen !== undefined),
      'nothing was told in three hours',
    );
    watch.dispose();
    const text = endText({ kind: 'not-quiet', loops: seen ?? [] });
    assert.match(
      text,
      /^Not quiet: removal of runner-1 refused every 30 s, (\d+) times \(400: the Actions service says that its job still runs\); nothing else is left to happen\.$/,
    );
    const times = Number(/(\d+) times/.exec(text)?.[1]);
    assert.ok(times >= 40 && times <= 42, `${times} times in twenty minutes`);
  });

  it('is named in the same words where of the cluster only what its watches tell is known', () => {
    const { clock, rig } = aRefusedRemoval(3);
    const { trace, controllers } = rig;
    let seen: readonly Loop[] | undefined;
    let state: 'connected' | 'lost' = 'lost';
    const run = attachedRun({
      trace,
      controllers,
      environment: {
        get connection() {
          return state === 'lost' ? { state, sinceMs: 0, error: '' } : { state };
        },
      },
    });
    const watch = new LoopWatch(clock, run, MINUTE_US, (loops) => (seen = loops));
    clock.run(clock.nowUs() + 10 * MINUTE_US);
    assert.equal(seen, undefined, 'told while the cluster could not be seen');
    state = 'connected';
    clock.run(clock.nowUs() + 10 * MINUTE_US, () => seen !== undefined);
    watch.dispose();
    assert.match(
      endText({ kind: 'not-quiet', loops: seen ?? [] }),
      /^Not quiet: removal of runner-1 refused every 30 s, \d+ times \(400: .*\); nothing else is left to happen\.$/,
    );
  });

  it('is said to be something that may end while a lease at the service runs out, or other answers are scripted', () => {
    const { clock, rig } = aRefusedRemoval(1);
    const said: boolean[] = [];
    const watch = new LoopWatch(clock, embeddedRun(clock, rig), MINUTE_US, (_loops, isForEver) => said.push(isForEver));
    rig.service.answerNext('get-runner', { status: 500, times: 1 });
    clock.run(clock.nowUs() + 5 * MINUTE_US);
    watch.dispose();
    assert.deepEqual([...new Set(said)], [false]);
  });

  it('is not told while something else is still to happen', () => {
    const { clock, rig } = aRefusedRemoval(1);
    let told = 0;
    const watch = new LoopWatch(clock, embeddedRun(clock, rig), 20 * MINUTE_US, () => told++);
    clock.schedule(120 * MINUTE_US, () => undefined, undefined);
    clock.run(119 * MINUTE_US);
    assert.equal(told, 0, 'told though something is scheduled');
    clock.run(150 * MINUTE_US);
    assert.ok(told > 0, 'not told when nothing was scheduled any more');
    watch.dispose();
  });
});

describe('the HTML report of a run that did not get quiet', () => {
  it('says so above its figures', () => {
    const run = simulate(settingsFor('new', { jobDurationUs: 300 * MINUTE_US }), { horizonUs: 60 * MINUTE_US });
    assert.match(htmlReport([{ title: 'one', runs: [run] }]), /<p>new: Not quiet: ended at the horizon of 1 h\.<\/p>/);
  });
});

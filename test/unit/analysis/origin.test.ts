import assert from 'node:assert/strict';
import { chainLinksOf } from '../../../src/analysis/chain-links.ts';
import { Origins } from '../../../src/analysis/origin.ts';
import { originSentences, passOriginSentences } from '../../../src/explain/explain-origin.ts';
import { objectDetail } from '../../../src/explain/object-detail.ts';
import { csvExporter } from '../../../src/export/csv.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { RUNNER_KIND, type ObjectEvent } from '../../../src/trace/model.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { chainRun } from '../../builders/chain-run.ts';
import { A_HEADER, beginPass, endPass } from '../../builders/traces.ts';

function eventsOf(trace: TraceLog, kind: string): ObjectEvent[] {
  return [...trace.events()].filter((event): event is ObjectEvent => event.type === 'object' && event.kind === kind);
}

function runnersOf(trace: TraceLog): string[] {
  return [...new Set(eventsOf(trace, RUNNER_KIND).map(({ object }) => object))];
}

describe('what brought a runner about', () => {
  for (const mode of ['old', 'new', '0.13.1', 'latest']) {
    const { trace } = chainRun(mode, { jobs: parseLoad('7'), minRunners: 1, maxRunners: 4 });
    const origins = new Origins(trace);

    it(`${mode}: is for each runner the pass of its set, a decision that was noted, and a patch after it`, () => {
      const decisions = eventsOf(trace, 'Listener');
      const jobs = eventsOf(trace, 'Job').filter(({ phase }) => phase === 'queued');
      for (const runner of runnersOf(trace)) {
        const origin = origins.of(runner);
        const { set, pass = NaN, madeUs = NaN, state, job } = origin ?? {};
        const event = trace.pass(pass);
        assert.equal(event.controller, 'ephemeralrunnerset');
        assert.equal(event.object, set);
        const creations = event.requests?.filter(({ verb, object }) => verb === 'create' && object === runner);
        assert.equal(creations?.length, 1, 'the pass has the creation of this runner');
        const { decision } = state ?? {};
        const noted = decisions.find(({ at }) => at === decision?.atUs);
        assert.deepEqual([noted?.replicas, noted?.assigned], [state?.replicas, decision?.assigned]);
        const times = [job?.queuedUs ?? 0, decision?.atUs ?? NaN, state?.atUs ?? NaN, event.started ?? NaN, madeUs];
        assert.deepEqual(
          times.toSorted((a, b) => a - b),
          times,
          `${runner}: each comes after what it was caused by`,
        );
        if (job !== undefined) assert.equal(jobs.find(({ object }) => object === job.job)?.at, job.queuedUs);
      }
    });

    it(`${mode}: is the decision whose patch the set had when its pass began, not a later one`, () => {
      for (const runner of runnersOf(trace)) {
        const { pass = NaN, set, state } = origins.of(runner) ?? {};
        const startedUs = trace.pass(pass).started ?? NaN;
        const seen = eventsOf(trace, 'EphemeralRunnerSet').findLast(
          ({ object, at }) => object === set && at <= startedUs,
        );
        assert.equal(seen?.replicas, state?.replicas);
      }
    });

    it(`${mode}: names the job that the runner ran where the decision came after it`, () => {
      const ran = eventsOf(trace, 'Job').filter(({ phase }) => phase === 'running');
      const own = runnersOf(trace).filter((runner) => {
        const job = ran.find(({ message }) => runner.endsWith(`/${message}`));
        return job !== undefined && origins.of(runner)?.job?.job === job.object;
      });
      // The one that waited before there were jobs was not made for any.
      assert.ok(own.length >= 5, `${own.length} runners have their own job`);
    });

    it(`${mode}: leads from a job to a pod, each step in the lane of what it is about`, () => {
      const runner = runnersOf(trace).find((one) => origins.of(one)?.job !== undefined) ?? '';
      const links = chainLinksOf(trace, runner);
      assert.deepEqual(
        links.map(({ from, to }) => `${from.kind} > ${to.kind}`),
        [
          ...['Job > Listener', 'Listener > EphemeralRunnerSet', `EphemeralRunnerSet > ${RUNNER_KIND}`],
          ...[`${RUNNER_KIND} > ${RUNNER_KIND}`, `${RUNNER_KIND} > ${RUNNER_KIND}`],
        ],
      );
      assert.ok(links.every(({ from, to }) => from.atUs <= to.atUs));
    });
  }

  it('is said in a sentence: with jobs, beyond the maximum, and idle ones of the minimum', () => {
    const { trace } = chainRun('latest', { jobs: parseLoad('7'), minRunners: 2, maxRunners: 5 });
    const sentences = new Set(runnersOf(trace).flatMap((runner) => originSentences(trace, runner)));
    const wanted = [
      "The runner was made because the set's replicas were patched to 2, because the listener had 0 assigned jobs and keeps 2 runners idle.",
      "The runner was made because the set's replicas were patched to 5, because the listener had 7 assigned jobs and may ask for 5 runners at most.",
    ];
    for (const sentence of wanted) assert.ok(sentences.has(sentence), [...sentences].join('\n'));
  });

  it('is said of the pass that made runners, and of the first pass of a runner alone', () => {
    const { trace } = chainRun('latest', { jobs: parseLoad('3') });
    const said: string[] = [];
    for (let number = 0; number < trace.passCount; number++) {
      said.push(...passOriginSentences(trace, trace.pass(number), number, false));
    }
    const made = said.filter((sentence) => sentence.startsWith('It made '));
    const whole =
      "It made 3 runners because the set's replicas were patched to 3, because the listener had 3 assigned jobs.";
    assert.equal(made[0], whole);
    assert.ok(said.every((sentence) => !sentence.startsWith('The runner')));
  });

  it('is what the set wants where no listener is known', () => {
    const load = { throughSet: true };
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'latest', runners: 3 }, { load });
    const [runner = ''] = runnersOf(trace);
    const { state, job } = new Origins(trace).of(runner) ?? {};
    assert.deepEqual([state?.decision, job], [undefined, undefined]);
    assert.deepEqual(chainLinksOf(trace, runner)[0]?.from.kind, 'EphemeralRunnerSet');
  });

  it('is not known without a set, and nothing is said then', () => {
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: 2 });
    const [runner = ''] = runnersOf(trace);
    assert.equal(new Origins(trace).of(runner), undefined);
    assert.deepEqual([chainLinksOf(trace, runner), originSentences(trace, runner)], [[], []]);
  });

  it('keeps two scale sets apart whose decisions are alike', () => {
    const log = new TraceLog(A_HEADER);
    for (const [at, name] of ['one', 'other'].entries()) {
      const listener = `arc-systems/${name}-listener`;
      const startedUs = 100 * (at + 1);
      log.addObject({ kind: 'Listener', object: listener, at: startedUs, replicas: 1, patchID: 1, assigned: at + 1 });
      const patch = {
        to: 'kubernetes',
        verb: 'patch',
        resource: 'ephemeralrunnersets',
        object: `arc/${name}`,
      } as const;
      log.addRequest({ ...patch, listener, status: 200, started: startedUs, ended: startedUs + 5 });
      log.addObject({ kind: 'EphemeralRunnerSet', object: `arc/${name}`, at: startedUs + 5, replicas: 1, patchID: 1 });
    }
    const pass = beginPass(log, 'arc/one', 300, { controller: 'ephemeralrunnerset' });
    log.beginRequest(pass, { to: 'kubernetes', verb: 'create', resource: 'ephemeralrunners', started: 300 });
    log.endRequest(pass, { status: 201, ended: 310, object: 'arc/one-runner-x' });
    endPass(log, pass, 320);
    const { state, madeUs } = new Origins(log).of('arc/one-runner-x') ?? {};
    assert.deepEqual(
      [state?.decision?.listener, state?.decision?.assigned, madeUs],
      ['arc-systems/one-listener', 1, 310],
    );
  });
});

describe('the table of a run with its whole chain', () => {
  it('has what brought each runner about, in the same seconds', () => {
    const { trace, originUs } = chainRun('latest', { jobs: parseLoad('3') });
    const [head = '', ...lines] = [...csvExporter.write([{ title: '', runs: [{ trace, originUs }] }], RELEASES)];
    const columns = head.trim().split(',');
    assert.equal(lines.length, 3, 'a line for each runner, and none for sets');
    for (const line of lines) {
      const fields = line.trim().split(',');
      const of = (name: string): string => fields[columns.indexOf(name)] ?? '';
      assert.equal(of('set'), 'arc-runners/lab');
      assert.equal(of('assigned_jobs'), '3');
      const times = ['job_queued_s', 'decided_s', 'set_patched_s', 'created_s', 'registered_s', 'pod_s']
        .map(of)
        .map(Number);
      assert.deepEqual(
        times.toSorted((a, b) => a - b),
        times,
      );
    }
  });

  it('has no such columns without sets', () => {
    const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: 2 });
    const [head = ''] = [...csvExporter.write([{ title: '', runs: [{ trace, originUs }] }], RELEASES)];
    assert.match(head, /,deleted_s,deleted_until_s\r\n$/);
  });
});

describe('what is shown of what lies above runners', () => {
  const { trace } = chainRun('latest', { jobs: parseLoad('3') });
  const told = (kind: string, name: string): string => objectDetail(trace, kind, name)?.happened ?? '';

  it('is what the listener wants and why, what the set is to have, and how many jobs wait', () => {
    const [listener = ''] = eventsOf(trace, 'Listener').map(({ object }) => object);
    assert.equal(told('Listener', listener), 'It wants 0 runners; jobs assigned to its scale set: 0.');
    assert.equal(told('EphemeralRunnerSet', 'arc-runners/lab'), 'It is to have 0 runners.');
    assert.equal(told('Job', 'arc-runners/lab'), 'Jobs that wait for a runner: 0; that run: 0; that are done: 3.');
    assert.equal(objectDetail(trace, 'AutoscalingRunnerSet', 'arc-runners/lab')?.state, 'running');
    assert.equal(objectDetail(trace, 'AutoscalingRunnerSet', 'arc-runners/none'), undefined);
  });
});

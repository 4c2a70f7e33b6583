import assert from 'node:assert/strict';
import { scaleSetFigures, type ScaleSetFigures } from '../../../src/analysis/scale-set-figures.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad, type ScaleSetLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { summaryText } from '../../../src/report/run-text.ts';
import { scaleSetText } from '../../../src/report/scale-set-text.ts';

const JOB_US = 3_000_000;

function runOf(mode: string, load: Partial<ScaleSetLoad>, seed = 1): ReturnType<typeof simulate> {
  const scaleSet = { jobs: parseLoad('5'), minRunners: 0, maxRunners: 50, ...load };
  return simulate({ ...DEFAULT_SETTINGS, mode, seed, jobDurationUs: JOB_US }, { load: { scaleSet } });
}

function figuresOf(...args: Parameters<typeof runOf>): ScaleSetFigures {
  return scaleSetFigures(runOf(...args).trace);
}

describe('the whole chain on the embedded cluster', () => {
  for (const { id: mode, actions } of RELEASES.all) {
    const { acquiresJobs } = actions;
    it(`${mode}: ${acquiresJobs ? 'each job runs once, and' : 'no job is acquired, as by its listener, and'} no runner is left`, () => {
      const { trace, end } = runOf(mode, {});
      const { jobs, runners, decisions } = scaleSetFigures(trace);
      assert.equal(end.kind, acquiresJobs ? 'quiet' : 'not-quiet');
      assert.equal(jobs.length, 5);
      if (!acquiresJobs) {
        assert.ok(jobs.every(({ startedUs }) => startedUs === undefined));
        assert.deepEqual(decisions, []);
        return;
      }
      for (const { queuedUs, startedUs = NaN, completedUs = NaN } of jobs) {
        assert.ok(startedUs > queuedUs, `a job started at ${startedUs}, queued at ${queuedUs}`);
        assert.equal(completedUs - startedUs, JOB_US);
      }
      assert.equal(runners.created?.length, runners.deleted?.length);
      assert.equal(Math.max(...decisions.map((one) => one.runners)), 5);
      assert.equal(decisions.at(-1)?.runners, 0);
    });

    it(`${mode}: the minimum waits idle before and after`, () => {
      const { runners, decisions } = figuresOf(mode, { minRunners: 2, jobs: parseLoad('30s') });
      assert.equal(decisions[0]?.runners, 2);
      assert.equal(decisions.at(-1)?.runners, 2);
      assert.equal((runners.created?.length ?? 0) - (runners.deleted?.length ?? 0), 2);
    });
  }

  for (const mode of ['old', 'new', 'latest']) {
    it(`${mode}: jobs beyond the maximum wait for a runner`, () => {
      const { jobs, decisions } = figuresOf(mode, { maxRunners: 2, jobs: parseLoad('6') });
      assert.equal(Math.max(...decisions.map(({ runners }) => runners)), 2);
      const starts = jobs.map(({ startedUs = NaN }) => startedUs).sort((a, b) => a - b);
      assert.ok(
        starts.every((us, index) => index < 2 || us - (starts[index - 2] as number) >= JOB_US),
        starts.join(' '),
      );
    });
  }

  it('is the same run for the same seed, and another for another', () => {
    const text = (seed: number): string => JSON.stringify([...runOf('latest', {}, seed).trace.passes()]);
    assert.equal(text(1), text(1));
    assert.notEqual(text(1), text(2));
  });

  it('ends though jobs are left that no runner will start', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'latest', pods: 'image-pull-back-off' };
    const scaleSet = { jobs: parseLoad('2'), minRunners: 0, maxRunners: 2 };
    const { trace, end } = simulate(settings, { load: { scaleSet } });
    assert.equal(end.kind, 'not-quiet');
    assert.match(
      scaleSetText(trace, 2),
      /^No job has started\. At most 2 runners at a time, those being removed included\.$/m,
    );
  });

  it('says that runners being removed are counted, where there are more than the maximum, and that none may be there', () => {
    const { trace } = runOf('new', { jobs: parseLoad('30'), maxRunners: 3 });
    const { mostRunners } = scaleSetFigures(trace);
    assert.ok(mostRunners > 3, `${mostRunners} runners at a time`);
    assert.match(scaleSetText(trace, 3), / At most \d+ runners at a time, those being removed included\.$/);
    const none = runOf('new', { maxRunners: 0 });
    assert.match(scaleSetText(none.trace, 0), /^No job has started: the maximum is 0 runners\./m);
    assert.match(summaryText(trace), /, 30 pods made$/);
  });

  it('takes no longer for a job where many wait', () => {
    const scaleSet = { jobs: parseLoad('60000 at once'), minRunners: 0, maxRunners: 3 };
    // Passes over all jobs for each of them would take minutes, which the limit of a test is far below.
    const { trace } = simulate(
      { ...DEFAULT_SETTINGS, mode: 'new', jobDurationUs: JOB_US },
      { load: { scaleSet }, horizonUs: 10e6 },
    );
    const { jobs } = scaleSetFigures(trace);
    assert.equal(jobs.length, 60_000);
    assert.ok(jobs.some(({ completedUs }) => completedUs !== undefined));
  });

  it('says in a table what happened when', () => {
    const lines = scaleSetText(runOf('latest', {}).trace, 50).split('\n');
    assert.match(lines[0] ?? '', /^The listener ran 1\.\d\d s after the AutoscalingRunnerSet was made\.$/);
    assert.equal(lines[1], 'All 5 jobs are done.');
    const first = (title: string): string => lines.find((line) => line.startsWith(title)) ?? '';
    assert.match(first('job queued'), /\s5 +0 +0 +0$/);
    assert.match(first('job started'), /\s5 +1\.\d\d s +\d\.\d\d s +\d\.\d\d s$/);
    assert.match(
      lines.at(-1) ?? '',
      /^The median job waited \d\.\d\d s to start, the longest \d\.\d\d s\. At most 5 runners at a time, those being removed included\.$/,
    );
  });
});

import assert from 'node:assert/strict';
import { jobFigures } from '../../../src/analysis/job-figures.ts';
import { hasJobs, jobsVerdict } from '../../../src/explain/jobs-verdict.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad, type ScaleSetLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { JOB_KIND, type TraceHeader } from '../../../src/trace/model.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';

const HEADER: TraceHeader = {
  ...{ type: 'header', version: 2, start: '2026-01-01T00:00:00Z', release: 'new', sources: [{ kind: 'embedded' }] },
  settings: { scaleSet: { minRunners: 0, maxRunners: 5 } },
};

/** Jobs that came, started and ended at these seconds. */
function traceOf(...jobs: readonly (readonly number[])[]): TraceLog {
  const log = new TraceLog(HEADER);
  const events = jobs.flatMap((times, job) =>
    times.map((at, step) => ({
      at: at * 1e6,
      object: `ns/job-${job}`,
      phase: ['queued', 'running', 'completed'][step] ?? '',
    })),
  );
  for (const event of events.sort((a, b) => a.at - b.at)) log.addObject({ kind: JOB_KIND, basis: 'run', ...event });
  return log;
}

describe('the verdict on the jobs of a scale set', () => {
  it('says how far they are, and how long they waited', () => {
    assert.equal(jobsVerdict([{ name: 'new', trace: traceOf() }]), 'No job has come yet.');
    const half = traceOf([0, 2, 12], [0, 4], [0]);
    assert.equal(
      jobsVerdict([{ name: 'new', trace: half }]),
      '1 of 3 jobs are done. The median job waited 2.00 s to start, the longest 4.00 s.',
    );
    assert.equal(
      jobsVerdict([{ name: 'new', trace: traceOf([1, 2, 4]) }]),
      'The job is done. The median job waited 1.00 s to start, the longest 1.00 s.',
    );
  });

  it('compares the others with the first run, once all jobs are done', () => {
    const first = { name: 'old', trace: traceOf([0, 4, 10], [0, 6, 14]) };
    const second = { name: 'new', trace: traceOf([5, 6, 12], [5, 7, 19]) };
    assert.equal(
      jobsVerdict([first, second]),
      'In new the median job started 3.00 s sooner than in old (4.00 s → 1.00 s), and the last one was done at the same time (14.00 s → 14.00 s).',
    );
    assert.match(jobsVerdict([first, second], 'new'), /^In old the median job started 3\.00 s later than in new /);
    assert.match(jobsVerdict([first, { name: 'same', trace: first.trace }]), /started at the same time as in old \(/);
    const nearly = { name: 'new', trace: traceOf([0, 4.1, 10.1], [0, 6.1, 14.1]) };
    assert.match(
      jobsVerdict([first, nearly]),
      /started at about the same time as in old \(.*\), and the last one was done at about the same time \(/,
      'what seeds change is no difference',
    );
    const unfinished = { name: 'latest', trace: traceOf([0, 4]) };
    assert.equal(jobsVerdict([first, unfinished]), 'old: Both jobs are done. latest: The job is not done.');
  });

  it('is for runs whose runners come when jobs do, and counts jobs as the run did', () => {
    const scaleSet = { jobs: parseLoad('4 at once'), minRunners: 0, maxRunners: 2 };
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'latest', runners: 4 }, { load: { scaleSet } });
    assert.ok(hasJobs(trace));
    assert.partialDeepStrictEqual(jobFigures(trace), { jobs: 4, done: 4 });
    assert.ok(!hasJobs(simulate({ ...DEFAULT_SETTINGS, mode: 'latest', runners: 1 }).trace));
  });
});

describe('the verdict on jobs that are not done', () => {
  const said = (modes: readonly string[], settings: Partial<RunSettings>, load: Partial<ScaleSetLoad> = {}): string => {
    const scaleSet = { jobs: parseLoad('3'), minRunners: 0, maxRunners: 3, ...load };
    return jobsVerdict(
      modes.map((mode) => {
        const all = { ...DEFAULT_SETTINGS, mode, jobDurationUs: 10e6, ...settings };
        return { name: mode, trace: simulate(all, { load: { scaleSet }, horizonUs: 1800e6 }).trace };
      }),
    );
  };

  it('names why, for each release', () => {
    assert.equal(
      said(['0.14.0', '0.14.1'], {}),
      '0.14.0: 0 of 3 jobs are done: its listener acquires no jobs. 0.14.1: All 3 jobs are done.',
    );
    assert.match(
      said(['0.13.1', '0.14.2'], { pods: 'image-pull-back-off' }),
      /^0\.13\.1: 0 of 3 jobs are done: pods do not start \(ImagePullBackOff\)\. 0\.14\.2: .+ \(ImagePullBackOff\)\.$/,
    );
  });

  it('says that a pull request makes no difference where both runs are the same in all that is counted', () => {
    const evicted = { listener: parseTroubles('evict at 5s') };
    assert.match(
      said(['0.13.1', '0.13.1-4332'], {}, evicted),
      /^#4332 \(a listener's pod that was evicted is deleted\) makes no difference here: /,
    );
    assert.match(
      said(['0.14.2', '0.14.2-4457'], { pods: 'init-fails' }),
      /: pods fail \(.+\)\. #4457 \(a failed init container fails its pod\) makes no difference here: /,
    );
    assert.doesNotMatch(said(['0.14.2', '0.14.2-4390'], {}), /no difference here/);
  });
});

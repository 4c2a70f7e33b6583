import assert from 'node:assert/strict';
import { jobFigures } from '../../../src/analysis/job-figures.ts';
import { POD_PRESETS } from '../../../src/kubernetes/embedded/pod-presets.ts';
import { simulate, type FinishedRun } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

const MODES = ['0.12.1', '0.14.2', 'latest'] as const;

/** Three jobs for a scale set whose runners' pods are of a preset, for as long as it takes them to show it. */
function chainOf(mode: string, pods: string, horizonUs = 60e6): FinishedRun {
  const scaleSet = { jobs: parseLoad('3 at once'), minRunners: 0, maxRunners: 3 };
  const settings = { ...DEFAULT_SETTINGS, mode, runners: 3, pods };
  return simulate(settings, { load: { scaleSet }, horizonUs });
}

describe('pods of a scale set that has jobs', () => {
  for (const mode of MODES) {
    it(`${mode}: each preset is another course of events than that of jobs`, () => {
      const stories = new Map<string, string>();
      for (const { name } of POD_PRESETS) {
        const { trace } = chainOf(mode, name);
        const story = [...trace.events()].map((event) => (event.type === 'object' ? JSON.stringify(event) : '')).join();
        stories.set(name, story);
      }
      const same = POD_PRESETS.map(({ name }) => name).filter((name) => {
        return name !== 'jobs' && stories.get(name) === stories.get('jobs');
      });
      assert.deepEqual(same, [], 'they do nothing');
    });

    for (const preset of ['evicted', 'oom-killed', 'job-still-running']) {
      it(`${mode}, ${preset}: runners have their jobs and lose them`, () => {
        const jobs = jobFigures(chainOf(mode, preset).trace);
        assert.deepEqual([jobs.jobs, jobs.done], [3, 0]);
        assert.ok(jobs.waitsUs.median !== undefined, 'jobs have started');
      });
    }

    for (const preset of ['exits-unregistered', 'fails-at-start', 'outdated-runner', 'init-fails']) {
      it(`${mode}, ${preset}: no job starts`, () => {
        const jobs = jobFigures(chainOf(mode, preset).trace);
        assert.deepEqual([jobs.jobs, jobs.done, jobs.waitsUs.median], [3, 0, undefined]);
      });
    }
  }
});

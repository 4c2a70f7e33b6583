import assert from 'node:assert/strict';
import { simulate } from '../../../src/run/embedded-run.ts';
import { withJobDuration } from '../../../src/run/job-duration.ts';
import { DEFAULT_SETTINGS, POD_PRESET_NAMES } from '../../../src/run/settings.ts';
import { combinations } from '../../../src/run/sweep.ts';

describe('jobs of presets that let them end', () => {
  it('end after 10 s where nothing says when, and their runners go', () => {
    const run = simulate(withJobDuration({ ...DEFAULT_SETTINGS, mode: 'new', pods: 'jobs' }));
    assert.equal(run.settings.jobDurationUs, 10_000_000);
    assert.ok(run.statistics.makespanUs > 10_000_000, 'no job has run');
    assert.equal(run.end.kind, 'quiet');
  });

  it('end when it is said, and never where nothing was said of pods', () => {
    assert.equal(withJobDuration({ pods: 'jobs', jobDurationUs: 5 }).jobDurationUs, 5);
    assert.equal(withJobDuration({ pods: undefined, jobDurationUs: undefined }).jobDurationUs, undefined);
    assert.equal(withJobDuration({ pods: 'lives.yaml', jobDurationUs: undefined }).jobDurationUs, undefined);
  });

  it('do so in each run of a sweep', () => {
    const pods = [...POD_PRESET_NAMES.keys()];
    const each = combinations({ ...DEFAULT_SETTINGS, mode: 'new' }, { pods });
    for (const settings of each) assert.deepEqual(settings, withJobDuration(settings), settings.pods);
    assert.ok(each.some(({ jobDurationUs }) => jobDurationUs === 10_000_000));
    assert.ok(each.some(({ jobDurationUs }) => jobDurationUs === undefined));
  });
});

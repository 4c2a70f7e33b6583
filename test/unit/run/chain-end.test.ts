import assert from 'node:assert/strict';
import { scaleSetFigures, type ScaleSetFigures } from '../../../src/analysis/scale-set-figures.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad, type ScaleSetLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import { endText } from '../../../src/run/run-end.ts';
import type { Load } from '../../../src/run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';

function chainOf(
  settings: Partial<RunSettings> & Pick<RunSettings, 'mode'>,
  load: Partial<ScaleSetLoad> = {},
): ScaleSetFigures & { end: string } {
  const scaleSet = { jobs: parseLoad('4 at once'), minRunners: 0, maxRunners: 4, ...load };
  const { trace, end } = simulate({ ...DEFAULT_SETTINGS, runners: 4, ...settings }, { load: { scaleSet } });
  return { ...scaleSetFigures(trace), end: end.kind };
}

/** Jobs that are done, and runners that there were and that are gone. */
function countsOf({ jobs, runners, end }: ReturnType<typeof chainOf>): object {
  const done = jobs.filter(({ completedUs }) => completedUs !== undefined).length;
  return { done, isAllGone: runners.created?.length === runners.deleted?.length, end };
}

const ALL = { done: 4, isAllGone: true, end: 'quiet' };

describe('the end of a run of jobs', () => {
  for (const mode of ['0.9.3', '0.12.1', '0.14.2', 'latest']) {
    it(`${mode}: comes after all that a slow listener still has to hear and say`, () => {
      for (const slow of ['1s', '6s', '60s', '5m']) {
        const listener = parseTroubles(`slow by ${slow} at 0s`);
        assert.deepEqual(countsOf(chainOf({ mode }, { listener })), ALL, slow);
      }
    });

    it(`${mode}: comes after pods that start slowly and answers that come slowly`, () => {
      assert.deepEqual(countsOf(chainOf({ mode, podStartUs: 1800e6 })), ALL, 'pods start in half an hour');
      assert.deepEqual(countsOf(chainOf({ mode, apiLatencyUs: 60e6 })), ALL, 'requests to Kubernetes take a minute');
      assert.deepEqual(countsOf(chainOf({ mode, jitLatencyUs: 1800e6 })), ALL, 'JIT calls take half an hour');
    });
  }

  it('comes although GitHub takes jobs for running for ever', () => {
    for (const mode of ['0.12.1', '0.14.2']) {
      const { done, end } = countsOf(chainOf({ mode, pods: 'job-still-running' })) as typeof ALL;
      assert.deepEqual([done, end], [0, 'not-quiet'], mode);
    }
  });

  it('says why it came, where jobs are not done: no runner changed for very long, and what comes round', () => {
    const endOf = (settings: Partial<RunSettings>, load: Load = {}, maxRunners = 4): string => {
      const scaleSet = { jobs: parseLoad('4 at once'), minRunners: 0, maxRunners };
      const all = { ...DEFAULT_SETTINGS, mode: '0.14.2', ...settings };
      return endText(simulate(all, { load: { scaleSet, ...load } }).end);
    };
    const unchanged = 'Not quiet: ended with jobs that are not done, as no runner had changed for 2\\d min( \\d+ s)?';
    for (const mode of ['0.12.1', '0.14.2', 'latest'])
      assert.match(endOf({ mode, pods: 'image-pull-back-off' }), new RegExp(`^${unchanged}\\.$`), mode);
    assert.match(endOf({}, {}, 0), new RegExp(`^${unchanged}\\.$`), 'no runner may be made');
    const actionsFaults = [{ operation: 'generatejitconfig', status: 401, times: 1e6 }] as const;
    assert.match(
      endOf({}, { conditions: { actionsFaults } }),
      new RegExp(`^${unchanged}: registration of .+ and 3 more refused with a back-off of now .+, \\d+ times \\(401`),
    );
    assert.equal(endOf({}), '', 'all jobs are done');
    assert.equal(endOf({ pods: 'outdated-runner' }), '', 'the scale set is gone, and nothing is left to happen');
  });

  it('leaves the least number of runners there, also after their jobs', () => {
    const { runners } = chainOf({ mode: '0.14.2' }, { minRunners: 2, listener: parseTroubles('slow by 20s at 0s') });
    assert.equal((runners.created?.length ?? 0) - (runners.deleted?.length ?? 0), 2);
  });
});

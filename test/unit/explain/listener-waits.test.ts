import assert from 'node:assert/strict';
import { jobSentences } from '../../../src/explain/job-sentences.ts';
import { listenerText } from '../../../src/explain/listener-waits.ts';
import { compareJobsText } from '../../../src/report/compare-jobs-text.ts';
import { parseFaults } from '../../../src/run/conditions-control.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import type { FinishedRun } from '../../../src/run/embedded-run.ts';

/** Twenty jobs, one a second, with something that happens to their listener. */
function runWith(mode: string, troubles: string, horizonUs = 1800e6, jobs = '20 jobs, 60 a minute'): FinishedRun {
  const listener = troubles === '' ? [] : parseTroubles(troubles);
  const scaleSet = { jobs: parseLoad(jobs), minRunners: 0, maxRunners: 50, listener };
  return simulate({ ...DEFAULT_SETTINGS, mode, jobDurationUs: 10e6 }, { load: { scaleSet }, horizonUs });
}

const said = (...run: Parameters<typeof runWith>): readonly string[] => jobSentences(runWith(...run).trace);

describe('what is said of jobs and runners that waited for a listener', () => {
  for (const mode of ['0.9.3', '0.12.1', '0.14.2', 'latest']) {
    it(`${mode}: is nothing where the listener was well`, () => {
      assert.deepEqual(said(mode, ''), []);
      assert.equal(listenerText(runWith(mode, '').trace, 0), '');
    });

    it(`${mode}: is which jobs waited since it was killed or evicted, and until when`, () => {
      for (const [act, done] of [
        ['kill', 'killed'],
        ['evict', 'evicted'],
      ] as const) {
        const [sentence, ...others] = said(mode, `${act} at 5s`);
        const words = `^1 job waited (\\d{3} ms|1\\.\\d\\d s) for a listener: it was ${done} during its long poll, 3\\.\\d\\d s after the first job was queued, and the next poll came \\d.* later\\.$`;
        assert.match(sentence ?? '', new RegExp(words));
        assert.deepEqual(others, []);
      }
    });

    it(`${mode}: is one sentence for a listener that was killed several times`, () => {
      const [sentence, ...others] = said(mode, 'kill at 5s, kill at 9s');
      assert.match(
        sentence ?? '',
        /^2 jobs waited up to .* for a listener: it was killed during its long poll, twice, the first time /,
      );
      assert.deepEqual(others, []);
    });

    it(`${mode}: is that they still wait where none polls any more`, () => {
      const run = runWith(mode, 'kill at 5s', 5.9e6);
      const sentence = jobSentences(run.trace).find((text) => text.includes('for a listener')) ?? '';
      assert.match(
        sentence,
        /^(1 job waits|\d jobs wait) for a listener: it was killed .*, and none has polled since then\. Look at the pod of the listener/,
      );
      const now = listenerText(run.trace, run.trace.originUs);
      assert.match(
        now,
        /^The listener stopped .* after the start: it was killed during its long poll\. No listener has polled since then/,
      );
    });
  }

  it('is how late a slow one was, and which runners it asked for in vain', () => {
    const [jobs, runners, ...others] = said('0.14.2', 'slow by 20s at 5s');
    assert.match(
      jobs ?? '',
      /^\d+ jobs waited up to .* for the slow listener, which took up to 6 min 0 s from a message to its next poll: /,
    );
    assert.match(
      runners ?? '',
      /^2 runners had no job, for up to 6 min \d+ s: the listener asked for runners by messages up to 6 min 0 s old, /,
    );
    assert.deepEqual(others, []);
    assert.ok(!said('0.14.2', 'slow by 20s at 40m').some((text) => text.includes('slow')), 'not before it was slow');
  });

  it('is not that jobs waited for it which waited for a runner of the maximum', () => {
    const listener = parseTroubles('kill at 5s');
    const scaleSet = { jobs: parseLoad('20 at once'), minRunners: 0, maxRunners: 5, listener };
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: '0.14.2', jobDurationUs: 10e6 }, { load: { scaleSet } });
    assert.deepEqual(jobSentences(trace), []);
  });

  it('is how often it ended by itself, in one sentence', () => {
    const conditions = parseFaults('get-message 401 40');
    assert.ok(typeof conditions !== 'string');
    const scaleSet = { jobs: parseLoad('3'), minRunners: 0, maxRunners: 3 };
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: '0.14.2' }, { load: { scaleSet, conditions } });
    const sentences = jobSentences(trace).filter((text) => text.includes('for a listener'));
    assert.equal(sentences.length, 1);
    assert.match(
      sentences[0] ?? '',
      /^3 jobs waited up to .* for a listener: its pod ended, \d+ times, the first time /,
    );
  });

  it('stands beside a comparison too, as all that is said of late jobs does', () => {
    const runs = ['0.12.1', '0.14.2'].map((mode) => runWith(mode, 'kill at 5s', 1800e6, '9 jobs, 60 a minute'));
    const text = compareJobsText(runs, 100, '0.12.1', () => undefined);
    assert.equal(text.match(/1 job waited .* for a listener: it was killed during its long poll, /g)?.length, 2);
  });

  it('is nothing where the scale set was shut down, and that a set is made again and again where it was not', () => {
    const outdated = (mode: string): readonly string[] => {
      const scaleSet = { jobs: parseLoad('30 jobs, 60 a minute'), minRunners: 0, maxRunners: 5 };
      const settings = { ...DEFAULT_SETTINGS, mode, pods: 'outdated-runner' };
      return jobSentences(simulate(settings, { load: { scaleSet }, horizonUs: 60e6 }).trace);
    };
    assert.equal(outdated('0.14.2').length, 1);
    const [jobs, ...others] = outdated('latest');
    assert.match(
      jobs ?? '',
      /GitHub no longer takes runners of this version\. latest has deleted the set of runners and made it again of the same template \d+ times: .* \(ARC issue 4600\)\. Set a newer image of the runner\.$/,
    );
    assert.ok(!others.some((text) => text.includes('none has polled')), others.join());
  });

  it('is in the headline whether it polls again', () => {
    const { trace } = runWith('0.14.2', 'kill at 5s, evict at 9s');
    assert.match(
      listenerText(trace, trace.originUs),
      /^The listener stopped twice, the last time .* after the start: it was evicted during its long poll\. It polled again .* later\.$/,
    );
  });
});

describe('a listener that another release replaces', () => {
  it('was deleted, and did not end by itself', () => {
    const scaleSet = { jobs: parseLoad('12 jobs, 60 a minute'), minRunners: 0, maxRunners: 50 };
    const load = { scaleSet, upgrade: { from: '0.14.2', afterUs: 8e6 } };
    const { trace } = simulate(
      { ...DEFAULT_SETTINGS, mode: 'latest', jobDurationUs: 10e6 },
      { load, horizonUs: 600e6 },
    );
    const sentence = jobSentences(trace).find((text) => text.includes('for a listener')) ?? '';
    assert.match(
      sentence,
      /^1 job waited .* for a listener: its AutoscalingListener was deleted, .*, and the next poll came /,
    );
  });
});

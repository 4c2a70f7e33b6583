import assert from 'node:assert/strict';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles, troublesText } from '../../../src/run/listener-trouble.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

/** When something was noted that is not as usual, and when a listener began to run; seconds. */
function runWith(troubles: string): { marks: [number, string][]; listenersRun: number; jobsDone: number } {
  const scaleSet = { jobs: parseLoad('2 at once'), minRunners: 0, maxRunners: 5, listener: parseTroubles(troubles) };
  const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'latest', runners: 2 }, { load: { scaleSet } });
  const objects = [...trace.events()].flatMap((event) => (event.type === 'object' ? [event] : []));
  const phases = objects.filter(({ kind }) => kind === 'AutoscalingListener').map(({ phase }) => phase);
  return {
    marks: trace.marks.map(({ at, text = '' }) => [Math.floor(at / 1e6), text]),
    listenersRun: phases.filter((phase) => phase === 'Running').length,
    jobsDone: objects.filter(({ kind, phase }) => kind === 'Job' && phase === 'completed').length,
  };
}

describe('What happens to a listener', () => {
  it('kills it, and another one does its jobs', () => {
    const { marks, listenersRun, jobsDone } = runWith('kill at 4s');
    assert.deepEqual(marks, [[4, 'listener killed']]);
    assert.equal(listenersRun, 2, 'a second listener runs');
    assert.equal(jobsDone, 2);
  });

  it('evicts it, slows it down and lets it be fast again', () => {
    const { marks, jobsDone } = runWith('slow 2s, evict 4s, slow by 0 at 9s');
    assert.deepEqual(marks, [
      [0, 'listener slowed down: each answer comes 2.00 s later'],
      [4, 'listener evicted'],
      [9, 'listener no longer slowed down'],
    ]);
    assert.equal(jobsDone, 2);
  });

  it('is said where nothing runs that it could happen to', () => {
    assert.deepEqual(runWith('kill at 0').marks, [[0, 'no listener ran that could be killed']]);
  });

  it('is read from a text, and written as one', () => {
    const text = 'kill at 10000ms, evict at 60000ms, slow by 2000ms at 5000ms';
    assert.equal(troublesText(parseTroubles('kill 10s, Evict at 1m, slow by 2s at 5s')), text);
    assert.equal(troublesText(parseTroubles(text)), text);
    const alike = 'Killed@10 seconds; evict after 1 minute, slowed by 2 secs at 5 s';
    assert.equal(troublesText(parseTroubles(alike)), text);
    assert.deepEqual(parseTroubles('kill at 1m30s'), [{ do: 'kill', atUs: 90e6 }]);
    for (const wrong of [
      '',
      'kill',
      'kill at noon',
      'kill at 10',
      'killing at 10s',
      'slow',
      'slow at 5s',
      'stop at 1s',
      'kill 1s evict 2s',
    ]) {
      assert.throws(
        () => parseTroubles(wrong),
        /is given as "kill at 10s, evict at 1m, slow by 2s at 5s", not "/,
        wrong,
      );
    }
  });
});

import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { ApiReply, ApiRequest } from '../../../src/kubernetes/cluster.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { RunnerSet } from '../../../src/run/runner-set.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

describe('a run whose trace keeps only what figures are made of', () => {
  for (const mode of RELEASES.ids) {
    it(`has the figures and the end of the same run with a whole trace (${mode})`, () => {
      const settings = { ...DEFAULT_SETTINGS, mode, runners: 20, podStartUs: 1e6, jobDurationUs: 5e6 };
      const [whole, figures] = [simulate(settings), simulate(settings, { detail: 'figures' })];
      assert.deepEqual(figures.statistics, whole.statistics);
      assert.deepEqual([figures.end, figures.events], [whole.end, whole.events]);
      assert.equal(figures.trace.rows.phases.name.length, 0, 'phases are no part of figures');
    });
  }

  it('names the passes that repeat when it never becomes quiet', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 1, pods: 'job-still-running', jobDurationUs: 10e6 };
    assert.deepEqual(simulate(settings, { detail: 'figures' }).end, simulate(settings).end);
  });
});

describe('the creation of a burst', () => {
  /** Requests that were sent so far, and an answer for the oldest of them. */
  function creation(runners: number) {
    const clock = new VirtualClock();
    const sentUs: number[] = [];
    const open: ((reply: ApiReply) => void)[] = [];
    const cluster = {
      send: ({ body }: ApiRequest, done: (reply: ApiReply) => void) => {
        sentUs.push(clock.nowUs());
        open.push(() => done(body as ApiReply));
      },
      watch: () => ({ dispose: () => undefined }),
    };
    let isDone = false;
    new RunnerSet(clock, cluster, 'arc', 'https://github.com/lab').create(runners, () => (isDone = true));
    return { clock, sentUs, answer: () => open.shift()?.({} as ApiReply), isDone: () => isDone };
  }

  it('waits for an answer without looking at the clock while ten requests are unanswered', () => {
    const { clock, sentUs } = creation(30);
    clock.run();
    assert.equal(sentUs.length, 10);
    assert.equal(clock.eventsRun, 10, 'an event for each request after the first, and one that finds ten unanswered');
  });

  it('goes on in the rhythm that it has, half a millisecond', () => {
    const { clock, sentUs, answer } = creation(30);
    clock.run();
    clock.schedule(1_300, answer, undefined);
    clock.run();
    assert.deepEqual(sentUs.slice(-2), [4_500, 6_500], 'the next multiple of 500 µs after the answer at 6,300');
  });

  it('ends when the last request is answered', () => {
    const { clock, sentUs, answer, isDone } = creation(12);
    for (let answers = 0; answers < 12; answers++) {
      assert.equal(isDone(), false);
      clock.run();
      answer();
    }
    assert.equal(sentUs.length, 12);
    assert.equal(isDone(), true);
  });
});

describe('a virtual clock that runs some events', () => {
  it('stops after as many as it may run, at the time of the last', () => {
    const clock = new VirtualClock();
    for (const us of [1, 2, 3]) clock.schedule(us, () => undefined, undefined);
    assert.equal(clock.runSome(10, 2), false);
    assert.deepEqual([clock.nowUs(), clock.pending], [2, 1]);
  });

  it('stops after the event that asks for it, and goes on when it is run again', () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    for (const us of [1, 2]) {
      clock.schedule(
        us,
        () => {
          seen.push(us);
          clock.stop();
        },
        undefined,
      );
    }
    clock.runSome(10, 100);
    assert.deepEqual(seen, [1]);
    clock.runSome(10, 100);
    assert.deepEqual(seen, [1, 2]);
  });

  it('reaches the given time only where something would come after it', () => {
    const clock = new VirtualClock();
    clock.schedule(20, () => undefined, undefined);
    assert.equal(clock.runSome(10, 100), true);
    assert.equal(clock.nowUs(), 10);
  });
});

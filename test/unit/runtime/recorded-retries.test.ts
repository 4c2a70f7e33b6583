import assert from 'node:assert/strict';
import { SleepEffect } from '../../../src/base/effect.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { Controller } from '../../../src/runtime/controller.ts';
import { done, type Reconcile } from '../../../src/runtime/effects.ts';
import { FIFO_QUEUE, PRIORITY_QUEUE, type QueueKind } from '../../../src/runtime/queue-kind.ts';
import { aController, aControllerHost } from '../../builders/controller-host.ts';

interface RecordedRetries {
  readonly what: string;
  readonly queue: QueueKind;
  /** When failing passes began and ended, and when the one that succeeded began; milliseconds. */
  readonly passes: readonly (readonly [began: number, ended: number])[];
  readonly last: number;
  /** Passes, counted from 0, during which the patch of a finalizer came back as an event. */
  readonly events: readonly number[];
}

/**
 * Of recordings of the real controllers: first requests of passes, and the answers to their last ones. A call of
 * generatejitconfig was answered after 50 ms.
 */
const RECORDED: readonly RecordedRetries[] = [
  {
    what: '0.11.0, generatejitconfig refused: the patch of the finalizers ends its pass, nothing comes meanwhile',
    queue: FIFO_QUEUE,
    passes: [
      [8.1, 82.4],
      [88.4, 140.5],
      [151.5, 204],
      [225.6, 278.4],
      [320, 372.6],
      [453.5, 505.9],
    ],
    last: 667.3,
    events: [],
  },
  {
    what: '0.13.1, generatejitconfig refused: two chains of retries',
    queue: FIFO_QUEUE,
    passes: [
      [0, 86.4],
      [87.2, 145.3],
      [147.5, 204.2],
      [206.4, 262.4],
      [263.8, 320],
      [321.4, 377],
    ],
    last: 405.1,
    events: [0],
  },
  {
    what: '0.14.0, generatejitconfig refused: one chain',
    queue: PRIORITY_QUEUE,
    passes: [
      [0, 82.8],
      [84.5, 138.7],
      [149.7, 204],
      [225, 279.2],
      [319.8, 373.5],
      [455.3, 512.5],
    ],
    last: 675.1,
    events: [0],
  },
  {
    what: 'the newest, generatejitconfig refused: a finalizer in each of two passes',
    queue: PRIORITY_QUEUE,
    passes: [
      [0, 83.5],
      [85.1, 146],
      [147.6, 203.1],
      [225, 281.1],
      [322.3, 377.3],
      [458.7, 514],
    ],
    last: 676.3,
    events: [0, 1],
  },
  {
    what: '0.13.1, no GitHub secret: two chains of retries, which become one when passes are short',
    queue: FIFO_QUEUE,
    passes: [
      [0, 10.7],
      [11.3, 21.1],
      [23.3, 27.8],
      [33.4, 36.9],
      [83.4, 92.2],
      [173.3, 176.9],
      [338.5, 341.9],
    ],
    last: 663.4,
    events: [0],
  },
  {
    what: '0.14.0, no GitHub secret: one chain',
    queue: PRIORITY_QUEUE,
    passes: [
      [0, 10.6],
      [10.6, 12.9],
      [23, 25.5],
      [46.6, 49.2],
      [89.3, 92.4],
      [174.9, 177.9],
      [340.7, 344.6],
    ],
    last: 667.8,
    events: [0],
  },
];
/** How much later than the queue says a pass may have begun on the machine of the recordings, and how much sooner. */
const [LATE_MS, EARLY_MS] = [9, 1];

describe('retries of a failing key', () => {
  for (const { what, queue, passes, last, events } of RECORDED) {
    it(`come when they were recorded: ${what}`, () => {
      const clock = new VirtualClock();
      const began: number[] = [];
      const ended: number[] = [];
      function* reconcile(key: string): Reconcile {
        const pass = began.length;
        began.push(clock.nowUs() / 1000);
        const recorded = passes[pass];
        if (recorded === undefined) return done;
        if (events.includes(pass))
          clock.schedule(1000, () => made.queue.add(key, 'ephemeralrunner-updated'), undefined);
        yield* new SleepEffect(Math.round((recorded[1] - recorded[0]) * 1000));
        ended.push(clock.nowUs() / 1000);
        throw new Error('refused');
      }
      const driver = {
        perform: (...[effect, , reply]: Parameters<Controller['driver']['perform']>): void => {
          assert.ok(effect.kind === 'sleep');
          clock.schedule(effect.delayUs, () => reply.resume(undefined), undefined);
        },
      };
      const made: Controller = new Controller(aController(reconcile, { queue }), aControllerHost({ clock, driver }));
      made.start();
      made.queue.add('ns/job1', 'ephemeralrunner-added');
      clock.run();
      const starts = [...passes.map(([start]) => start), last];
      assert.equal(began.length, starts.length, 'passes');
      passes.forEach(([, end], pass) => {
        const recordedMs = (starts[pass + 1] as number) - end;
        const waitedMs = (began[pass + 1] as number) - (ended[pass] as number);
        assert.ok(
          recordedMs > waitedMs - EARLY_MS && recordedMs < waitedMs + LATE_MS,
          `after pass ${pass} the key waited ${waitedMs} ms, recorded were ${recordedMs.toFixed(1)}`,
        );
      });
    });
  }
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ControllerRateLimiter } from '../../../src/runtime/rate-limiter.ts';
import type { QueuedItem } from '../../../src/runtime/queued-item.ts';
import { WorkQueue, type Wait } from '../../../src/runtime/work-queue.ts';

/** Rounds as the clock of real runs does. */
class WholeMicroseconds extends VirtualClock {
  override schedule<T>(delayUs: number, callback: (argument: T) => void, argument: T): void {
    super.schedule(Math.round(delayUs), callback, argument);
  }
}

/** client-go's queue written as its documentation reads: two sets and a list, searched from the front. */
class SlowQueue {
  readonly dirty = new Set<string>();
  readonly processing = new Set<string>();
  queue: string[] = [];
  waiting: { key: string; readyUs: number; order: number }[] = [];

  add(key: string): void {
    if (this.dirty.has(key)) return;
    this.dirty.add(key);
    if (!this.processing.has(key)) this.queue.push(key);
  }

  addAfter(key: string, readyUs: number, order: number): void {
    const same = this.waiting.find((entry) => entry.key === key);
    if (same === undefined) this.waiting.push({ key, readyUs, order });
    else if (readyUs < same.readyUs) Object.assign(same, { readyUs, order });
  }

  advance(nowUs: number): void {
    const due = this.waiting.filter(({ readyUs }) => readyUs <= nowUs);
    this.waiting = this.waiting.filter(({ readyUs }) => readyUs > nowUs);
    for (const { key } of due.sort((a, b) => a.readyUs - b.readyUs || a.order - b.order)) this.add(key);
  }

  take(): string | undefined {
    const key = this.queue.shift();
    if (key !== undefined) {
      this.processing.add(key);
      this.dirty.delete(key);
    }
    return key;
  }

  done(key: string): void {
    this.processing.delete(key);
    if (this.dirty.has(key)) this.queue.push(key);
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), key: fc.nat(4) }),
  fc.record({ kind: fc.constant('after' as const), key: fc.nat(4), delay: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('take' as const) }),
  fc.record({ kind: fc.constant('done' as const), which: fc.nat(4) }),
  fc.record({ kind: fc.constant('advance' as const), by: fc.nat(20) }),
);

describe('the work queue', () => {
  it('a delay with a part of a microsecond passes, though the clock of real runs counts whole ones', () => {
    for (const delayUs of [0.2, 1_000.3, 9_958_999.5, 9_958_999.999_9]) {
      const clock = new WholeMicroseconds();
      const queue = new WorkQueue(clock, () => undefined);
      queue.addAfter('a', 'requeue-after', delayUs);
      clock.run();
      assert.equal(queue.take()?.key, 'a', `the key with a delay of ${delayUs} us is lost`);
    }
  });

  it('does what the slow model of client-go does, whatever the order of calls', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const clock = new VirtualClock();
        const queue = new WorkQueue(clock, () => undefined);
        const model = new SlowQueue();
        const held: QueuedItem[] = [];
        const waits = new Map<string, Wait | undefined>();
        queue.listen((key, wait) => waits.set(key, wait));
        steps.forEach((action, order) => {
          switch (action.kind) {
            case 'add':
              queue.add(`k${action.key}`, 'ephemeralrunner-added');
              model.add(`k${action.key}`);
              break;
            case 'after':
              queue.addAfter(`k${action.key}`, 'requeue', action.delay);
              model.addAfter(`k${action.key}`, clock.nowUs() + action.delay, order);
              break;
            case 'take': {
              const item = queue.take();
              assert.equal(item?.key, model.take());
              if (item !== undefined) held.push(item);
              break;
            }
            case 'done': {
              const [item] = held.splice(action.which % Math.max(1, held.length), 1);
              if (item === undefined) break;
              queue.done(item);
              model.done(item.key);
              break;
            }
            case 'advance':
              clock.run(clock.nowUs() + action.by);
              model.advance(clock.nowUs());
              break;
          }
          assert.equal(queue.length, model.queue.length, 'keys waiting for a worker');
          assert.equal(queue.delayedLength, model.waiting.length, 'keys waiting for their time');
          const keys = held.map(({ key }) => key);
          assert.equal(new Set(keys).size, keys.length, 'a key was given to two workers');
          for (let key = 0; key <= 4; key++) {
            const wait = waits.get(`k${key}`);
            const delay = model.waiting.find((entry) => entry.key === `k${key}`);
            const place = model.queue.indexOf(`k${key}`);
            assert.equal(queue.ahead(`k${key}`) ?? -1, place, 'how many keys are before it');
            const waitsForWorker = model.dirty.has(`k${key}`);
            assert.equal(wait !== undefined, waitsForWorker || delay !== undefined, 'what the listener knows to wait');
            if (wait === undefined) continue;
            assert.equal(wait.readyUs <= clock.nowUs(), waitsForWorker, 'what the listener knows to be ready');
            if (!waitsForWorker) assert.equal(wait.readyUs, delay?.readyUs, 'when the listener knows it to be ready');
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it('reports of a delayed key when the delay began and when it had passed', () => {
    const clock = new VirtualClock();
    const queue = new WorkQueue(clock, () => undefined);
    clock.run(100);
    queue.addAfter('a', 'requeue', 50);
    clock.run(400);
    const item = queue.take();
    assert.deepEqual([item?.queuedUs, item?.readyUs, item?.trigger], [100, 150, 'requeue']);
  });
});

describe("the controller's rate limiter", () => {
  it('doubles from 5 ms to 1000 s for each key and starts again after a forget', () => {
    const limiter = new ControllerRateLimiter(new VirtualClock());
    const delays = Array.from({ length: 20 }, () => limiter.nextDelayUs('a'));
    assert.deepEqual(
      delays,
      delays.map((_, failures) => Math.min(1_000_000_000, 5_000 * 2 ** failures)),
    );
    limiter.forget('a');
    assert.equal(limiter.nextDelayUs('a'), 5_000);
  });

  it('spreads more than a hundred keys at 10 a second', () => {
    const limiter = new ControllerRateLimiter(new VirtualClock());
    const delays = Array.from({ length: 130 }, (_, key) => limiter.nextDelayUs(`k${key}`));
    assert.ok(delays.slice(0, 100).every((delay) => delay === 5_000));
    delays.slice(100).forEach((delay, index) => assert.equal(delay, Math.max(5_000, (index + 1) * 100_000)));
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, parseDurationUs } from '../../../src/base/duration.ts';
import { EventHeap } from '../../../src/base/event-heap.ts';
import { TokenBucket } from '../../../src/base/token-bucket.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { WallClock } from '../../../src/base/wall-clock.ts';

describe('the event heap', () => {
  it('runs events by time and, at the same time, in the order in which they were added', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (dues) => {
        const heap = new EventHeap();
        const order: number[] = [];
        dues.forEach((due, index) => heap.push(due, (which: number) => order.push(which), index));
        while (heap.size > 0) heap.runNext();
        const expected = dues.map((due, index) => ({ due, index })).sort((a, b) => a.due - b.due || a.index - b.index);
        assert.deepEqual(
          order,
          expected.map(({ index }) => index),
        );
      }),
    );
  });

  it('stays ordered while events are added and taken in turn', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(50)), { maxLength: 300 }), (steps) => {
        const heap = new EventHeap();
        const pending: { due: number; order: number }[] = [];
        let ran: number | undefined;
        steps.forEach(([take, due], order) => {
          if (take && heap.size > 0) {
            pending.sort((a, b) => a.due - b.due || a.order - b.order);
            heap.runNext();
            assert.equal(ran, pending.shift()?.order);
          } else {
            heap.push(due, (which: number) => (ran = which), order);
            pending.push({ due, order });
          }
        });
      }),
    );
  });
});

describe('the clocks', () => {
  const script = (clock: VirtualClock | WallClock, log: string[]): void => {
    const note = (name: string): void => void log.push(`${name} ${clock.nowUs() - startUs}`);
    const startUs = clock.nowUs();
    clock.schedule(4_000, note, 'late');
    clock.schedule(
      1_000,
      () => {
        note('early');
        clock.schedule(500, note, 'nested');
        clock.schedule(0, note, 'at once');
      },
      undefined,
    );
    clock.schedule(1_500, note, 'same time as nested');
  };

  it('give the same order and times in virtual and in real time', async () => {
    const virtual: string[] = [];
    const virtualClock = new VirtualClock();
    script(virtualClock, virtual);
    virtualClock.run();
    assert.deepEqual(virtual, ['early 1000', 'at once 1000', 'same time as nested 1500', 'nested 1500', 'late 4000']);

    const real: string[] = [];
    const wallClock = new WallClock();
    // Entered there is one moment; outside, real time goes on between two calls.
    wallClock.enter(() => script(wallClock, real));
    await wallClock.idle();
    wallClock.close();
    assert.deepEqual(real, virtual);
  });

  it('give others their turn in real time, however much is due', async () => {
    const clock = new WallClock();
    const most = 20_000_000;
    let [runs, isStopped] = [0, false];
    const again = (): void => {
      runs++;
      if (!isStopped && runs < most) clock.schedule(0, again, undefined);
    };
    clock.enter(again);
    // A callback's time is the moment at which it was due: there is always another one that is due.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    isStopped = true;
    await clock.idle();
    clock.close();
    assert.ok(runs > 1, 'the clock ran');
    assert.ok(runs < most, 'nothing else had its turn until nothing was due any more');
  });

  it('do not count periodic work as something left to do', () => {
    const clock = new VirtualClock();
    let ticks = 0;
    const periodic = clock.every(10, () => ticks++);
    clock.schedule(35, () => undefined, undefined);
    clock.run();
    assert.equal(clock.nowUs(), 35);
    assert.equal(ticks, 3);
    periodic.dispose();
    clock.run();
    assert.equal(ticks, 3, 'a disposed periodic callback was called');
  });
});

describe('the token bucket', () => {
  it('agrees with counting tokens one microsecond at a time', () => {
    const steps = fc.array(fc.nat(400), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 200_000 }),
        fc.integer({ min: 1, max: 5 }),
        steps,
        (rate, burst, gaps) => {
          const clock = new VirtualClock();
          const bucket = new TokenBucket(clock, rate, burst);
          let tokens = burst;
          for (const gap of gaps) {
            clock.run(clock.nowUs() + gap);
            for (let us = 0; us < gap; us++) tokens = Math.min(burst, tokens + rate / 1e6);
            tokens -= 1;
            let wait = 0;
            while (tokens + (wait * rate) / 1e6 < -1e-9) wait++;
            const reserved = bucket.reserveUs();
            assert.ok(Math.abs(reserved - wait) <= 1, `told to wait ${reserved} µs, counting says ${wait}`);
          }
        },
      ),
    );
  });

  it('lets everything through without a limit', () => {
    const bucket = new TokenBucket(new VirtualClock(), 0, 1);
    for (let i = 0; i < 1000; i++) assert.equal(bucket.reserveUs(), 0);
  });
});

describe('durations', () => {
  it('are read in every unit', () => {
    const cases = { '200ms': 200_000, '1.5s': 1_500_000, '1m30s': 90_000_000, '10us': 10, '1h': 3_600_000_000, '0': 0 };
    for (const [text, us] of Object.entries(cases)) assert.equal(parseDurationUs(text), us, text);
  });

  it('are refused when they are invalid', () => {
    for (const text of ['', '5', 'ms', '-1s', '1 s', '1s!', 'NaN', '1e3s', '0x1s']) {
      assert.equal(parseDurationUs(text), undefined, JSON.stringify(text));
    }
  });

  it('are written for people', () => {
    assert.deepEqual([0, -18_200, 250, 4_000, 750_000, 1_250_000, 125_000_000, 43_155e6].map(formatDuration), [
      '0',
      '-18.2 ms',
      '250 µs',
      '4.0 ms',
      '750 ms',
      '1.25 s',
      '2 min 5 s',
      '11 h 59 min 15 s',
    ]);
  });
});

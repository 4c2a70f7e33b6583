import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EphemeralRunners, Pods } from '../../../src/kubernetes/resource.ts';
import type { Cluster, WatchHandler } from '../../../src/kubernetes/cluster.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { Caches } from '../../../src/runtime/caches.ts';
import { Controller } from '../../../src/runtime/controller.ts';
import { controller } from '../../../src/runtime/controller-spec.ts';
import { done, requeue, requeueAfter, type Reconcile } from '../../../src/runtime/effects.ts';
import { PassObservers } from '../../../src/runtime/observer.ts';
import { LOW_PRIORITY, PRIORITY_QUEUE } from '../../../src/runtime/queue-kind.ts';
import type { QueuedItem } from '../../../src/runtime/queued-item.ts';
import { ControllerRateLimiter, limitersFor, PER_ITEM_BACKOFF } from '../../../src/runtime/rate-limiter.ts';
import { WorkQueue } from '../../../src/runtime/work-queue.ts';
import { aControllerHost } from '../../builders/controller-host.ts';
import { aRunner } from '../../builders/objects.ts';

interface SlowItem {
  readonly key: string;
  added: number;
  priority: number;
  readyUs: number | undefined;
}

/** controller-runtime's priority queue written as its documentation reads: one list, searched from end to end. */
class SlowPriorityQueue {
  items: SlowItem[] = [];
  readonly locked = new Set<string>();
  #added = 0;

  add(key: string, priority: number, readyUs?: number): void {
    const item = this.items.find((one) => one.key === key);
    if (item === undefined) {
      this.items.push({ key, priority, readyUs, added: this.#added++ });
      return;
    }
    if (readyUs === undefined || item.readyUs === undefined) item.readyUs = undefined;
    else item.readyUs = Math.min(item.readyUs, readyUs);
    if (priority > item.priority) {
      item.priority = priority;
      item.added = this.#added++;
    }
  }

  advance(nowUs: number): void {
    const due = this.items.filter(({ readyUs }) => readyUs !== undefined && readyUs <= nowUs);
    due.sort((a, b) => (a.readyUs ?? 0) - (b.readyUs ?? 0));
    for (const item of due) {
      item.readyUs = undefined;
      item.added = this.#added++;
    }
  }

  /** What waits for a worker, the first one first. */
  get free(): SlowItem[] {
    const free = this.items.filter(({ key, readyUs }) => readyUs === undefined && !this.locked.has(key));
    return free.sort((a, b) => b.priority - a.priority || a.added - b.added);
  }

  take(): SlowItem | undefined {
    const [first] = this.free;
    if (first === undefined) return undefined;
    this.items = this.items.filter((item) => item !== first);
    this.locked.add(first.key);
    return first;
  }
}

const key = fc.nat(4).map((number) => `k${number}`);
const priority = fc.constantFrom(0, LOW_PRIORITY, 7);
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), key, priority }),
  fc.record({ kind: fc.constant('after' as const), key, priority, delay: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('take' as const) }),
  fc.record({ kind: fc.constant('done' as const), which: fc.nat(4) }),
  fc.record({ kind: fc.constant('advance' as const), by: fc.nat(20) }),
);

function aQueue(clock = new VirtualClock()): { clock: VirtualClock; queue: WorkQueue; taken: () => string[] } {
  const queue = new WorkQueue(clock, () => undefined, PRIORITY_QUEUE);
  const taken = (): string[] => {
    const keys: string[] = [];
    for (let item = queue.take(); item !== undefined; item = queue.take()) keys.push(item.key);
    return keys;
  };
  return { clock, queue, taken };
}

describe('the priority queue', () => {
  it("does what the slow model of controller-runtime's does, whatever the order of calls", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { clock, queue } = aQueue();
        const model = new SlowPriorityQueue();
        const held: QueuedItem[] = [];
        const delays = new Set<number>();
        for (const action of steps) {
          switch (action.kind) {
            case 'add':
              queue.add(action.key, 'pod-added', action.priority);
              model.add(action.key, action.priority);
              break;
            case 'after': {
              // Two keys that become ready at once are ordered by the timers here and by their place there.
              const readyUs = clock.nowUs() + action.delay;
              if (delays.has(readyUs)) break;
              delays.add(readyUs);
              queue.addAfter(action.key, 'error', action.delay, action.priority);
              model.add(action.key, action.priority, readyUs);
              break;
            }
            case 'take': {
              const item = queue.take();
              const expected = model.take();
              assert.deepEqual([item?.key, item?.priority], [expected?.key, expected?.priority]);
              if (item !== undefined) held.push(item);
              break;
            }
            case 'done': {
              const [item] = held.splice(action.which % Math.max(1, held.length), 1);
              if (item === undefined) break;
              queue.done(item);
              model.locked.delete(item.key);
              break;
            }
            case 'advance':
              clock.run(clock.nowUs() + action.by);
              model.advance(clock.nowUs());
              break;
          }
          const ready = model.items.filter(({ readyUs }) => readyUs === undefined);
          assert.equal(queue.length, model.free.length, 'keys for workers');
          model.free.forEach(({ key }, place) => assert.equal(queue.ahead(key), place, 'how many keys are before it'));
          assert.equal(queue.delayedLength, model.items.length - ready.length, 'keys waiting for their time');
          for (const [level, depth] of queue.depths) {
            assert.equal(depth, ready.filter((item) => item.priority === level).length, `depth of priority ${level}`);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('gives out what is new before what was there at the start, and a key that changes meanwhile with the new', () => {
    const { queue, taken } = aQueue();
    for (const name of ['a', 'b', 'c']) queue.add(name, 'pod-added', LOW_PRIORITY);
    queue.add('new', 'pod-added');
    queue.add('c', 'pod-updated');
    queue.add('new', 'pod-updated', LOW_PRIORITY);
    assert.deepEqual(Object.fromEntries(queue.depths), { [LOW_PRIORITY]: 2, 0: 2 });
    assert.deepEqual(taken(), ['new', 'c', 'a', 'b']);
    assert.deepEqual(Object.fromEntries(queue.depths), { [LOW_PRIORITY]: 0, 0: 0 });
  });

  it('ends the delay of a key that is added meanwhile, and takes no delay for a key that is ready', () => {
    const { clock, queue, taken } = aQueue();
    queue.addAfter('a', 'error', 50);
    queue.add('b', 'pod-added');
    queue.add('a', 'pod-updated');
    assert.equal(queue.delayedLength, 0);
    queue.addAfter('a', 'error', 10);
    assert.deepEqual(taken(), ['a', 'b'], 'the place is that of when its delay began');
    clock.run();
    assert.equal(queue.length, 0, 'the delay brings the key a second time');
  });

  it('puts a key whose delay has passed behind those that came meanwhile', () => {
    const { clock, queue, taken } = aQueue();
    queue.addAfter('a', 'error', 50);
    queue.add('b', 'pod-added');
    clock.run();
    assert.deepEqual(taken(), ['b', 'a']);
  });
});

describe('a controller with a priority queue', () => {
  /** Runners as the watch of a test tells them, and the priorities of the passes that come of it. */
  function aControllerOf(results: readonly ('done' | 'requeue' | 'requeue-after' | 'error')[]) {
    const clock = new VirtualClock();
    let handler: WatchHandler<ApiObject> | undefined;
    const cluster: Cluster = {
      send: () => undefined,
      watch: (resource, _namespace, told) => {
        if (resource.kind === EphemeralRunners.kind) handler = told;
        else told.onList(new Map());
        return { dispose: () => undefined };
      },
    };
    const observers = new PassObservers();
    const passes: [key: string, priority: number][] = [];
    observers.add({ passStarted: (pass) => passes.push([pass.key, pass.priority]) });
    function* reconcile(): Reconcile {
      const result = results[passes.length - 1] ?? 'done';
      if (result === 'error') throw new Error('refused');
      return result === 'requeue' ? requeue : result === 'done' ? done : requeueAfter(10);
    }
    const spec = controller({
      ...{ name: 'test', for: EphemeralRunners, owns: [Pods], workers: 1, reconcile, queue: PRIORITY_QUEUE },
      backoff: (limited) => new ControllerRateLimiter(limited, PER_ITEM_BACKOFF),
    });
    const caches = new Caches({ cluster, namespace: '' });
    const made = new Controller(spec, aControllerHost({ clock, caches, observers }));
    assert.ok(handler !== undefined);
    return { clock, passes, watch: handler, start: () => made.start() };
  }
  const runner = (name: string, version = '1'): ApiObject =>
    aRunner({ name, namespace: 'ns', resourceVersion: version });

  it('takes what was there when it began after what comes then', () => {
    const { passes, watch, start } = aControllerOf([]);
    start();
    watch.onList(new Map(['a', 'b'].map((name) => [`ns/${name}`, runner(name)])));
    watch.onAdded('ns/c', runner('c'));
    watch.onModified('ns/c', runner('c', '2'));
    watch.onModified('ns/c', runner('c', '2'));
    assert.deepEqual(passes, [
      ['ns/a', LOW_PRIORITY],
      ['ns/b', LOW_PRIORITY],
      ['ns/c', 0],
      ['ns/c', 0],
      ['ns/c', LOW_PRIORITY],
    ]);
  });

  it('takes what a later list brings for new', () => {
    const { passes, watch, start } = aControllerOf([]);
    start();
    watch.onList(new Map());
    watch.onList(new Map([['ns/a', runner('a')]]));
    assert.deepEqual(passes, [['ns/a', 0]]);
  });

  it('takes what its cache held before it was started for what was there', () => {
    const { passes, watch, start } = aControllerOf([]);
    watch.onList(new Map([['ns/a', runner('a')]]));
    watch.onAdded('ns/b', runner('b'));
    start();
    assert.deepEqual(passes, [
      ['ns/a', LOW_PRIORITY],
      ['ns/b', LOW_PRIORITY],
    ]);
  });

  for (const result of ['requeue', 'requeue-after', 'error'] as const) {
    it(`gives a key that comes again after ${result} the priority that it had, whatever came during the pass`, () => {
      const { clock, passes, watch, start } = aControllerOf([result]);
      start();
      watch.onList(new Map([['ns/a', runner('a')]]));
      clock.run();
      assert.deepEqual(passes, [
        ['ns/a', LOW_PRIORITY],
        ['ns/a', LOW_PRIORITY],
      ]);
    });
  }
});

describe('limiters', () => {
  it('of a priority queue have no limit over all keys', () => {
    const limiter = new ControllerRateLimiter(new VirtualClock(), PER_ITEM_BACKOFF);
    for (let number = 0; number < 1000; number++) assert.equal(limiter.nextDelayUs(`k${number}`), 5_000);
    for (let tries = 0; tries < 30; tries++) limiter.nextDelayUs('k1');
    assert.equal(limiter.nextDelayUs('k1'), 1_000_000_000);
  });

  it('are one for all controllers with typed_rate_limiter, whose keys are names without kinds', () => {
    const clock = new VirtualClock();
    const limiters = limitersFor('typed_rate_limiter', PER_ITEM_BACKOFF);
    const [sets, runners] = [limiters(clock), limiters(clock)];
    sets.nextDelayUs('ns/a');
    assert.equal(runners.nextDelayUs('ns/a'), 10_000, 'the failure of one lengthens the back-off of the other');
    sets.forget('ns/a');
    assert.equal(runners.failures('ns/a'), 0, 'the success of one ends the back-off of the other');
  });

  it('are one for each controller with any other choice, and without a bucket where the release has none', () => {
    for (const chosen of [undefined, 'bucket_rate_limiter'] as const) {
      const clock = new VirtualClock();
      const limiters = limitersFor(chosen, PER_ITEM_BACKOFF);
      const [sets, runners] = [limiters(clock), limiters(clock)];
      for (let number = 0; number < 200; number++) assert.equal(sets.nextDelayUs(`ns/${number}`), 5_000);
      assert.equal(runners.nextDelayUs('ns/1'), 5_000);
    }
  });
});

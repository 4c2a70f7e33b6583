import assert from 'node:assert/strict';
import { LockEffect, SleepEffect, UnlockEffect } from '../../../src/base/effect.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { Controller } from '../../../src/runtime/controller.ts';
import { done, log, phase, requeue, type Reconcile } from '../../../src/runtime/effects.ts';
import { PassObservers, type PassObserver } from '../../../src/runtime/observer.ts';
import type { Driver, Reply } from '../../../src/runtime/pass.ts';
import type { PassRecord } from '../../../src/runtime/pass-record.ts';
import { FIFO_QUEUE } from '../../../src/runtime/queue-kind.ts';
import type { QueuedItem } from '../../../src/runtime/queued-item.ts';
import { aController, aControllerHost } from '../../builders/controller-host.ts';

/** Answers nothing by itself. */
class HeldDriver implements Driver {
  readonly held: Reply[] = [];

  perform(...[, , reply]: Parameters<Driver['perform']>): void {
    this.held.push(reply);
  }
}

const answering: Driver = { perform: (_effect, _pass, reply) => reply.resume(undefined) };

function started(...[spec, host]: ConstructorParameters<typeof Controller>): Controller {
  const controller = new Controller(spec, host);
  controller.start();
  return controller;
}

function addAll(controller: Controller, ...keys: string[]): void {
  for (const key of keys) controller.queue.add(key, 'pod-added');
}

describe('what a pass says', () => {
  function* reconcile(): Reconcile {
    yield* phase('begins');
    yield* log('a line');
    yield new SleepEffect(1);
    yield* log('another line');
    return done;
  }

  /** What reaches a driver that hears of so much. */
  function effects(hearing: Driver['hearing']): string[] {
    const kinds: string[] = [];
    const driver: Driver = {
      ...(hearing === undefined ? {} : { hearing }),
      perform: (effect, _pass, reply) => {
        kinds.push(effect.kind);
        reply.resume(undefined);
      },
    };
    addAll(started(aController(reconcile), aControllerHost({ driver })), 'ns/a');
    return kinds;
  }

  it('reaches the driver as far as that hears of it', () => {
    assert.deepEqual(effects({ phases: false, lines: false }), ['sleep']);
    assert.deepEqual(effects({ phases: true, lines: false }), ['phase', 'sleep']);
    assert.deepEqual(effects({ phases: false, lines: true }), ['log', 'sleep', 'log']);
  });

  it('reaches a driver that does not say what it hears of, also after one that hears nothing', () => {
    effects({ phases: false, lines: false });
    assert.deepEqual(effects(undefined), ['phase', 'log', 'sleep', 'log']);
    assert.deepEqual([...(reconcile() as unknown as Iterable<unknown>)].length, 4, 'a generator that no pass runs');
  });

  it('is heard of while there is an observer of it', () => {
    const observers = new PassObservers();
    assert.deepEqual(observers.hearing, { phases: false, lines: false });
    const one = observers.add({ logged: () => undefined });
    const other = observers.add({ phaseStarted: () => undefined });
    assert.deepEqual(observers.hearing, { phases: true, lines: true });
    one.dispose();
    assert.deepEqual(observers.hearing, { phases: true, lines: false });
    other.dispose();
    assert.deepEqual(observers.hearing, { phases: false, lines: false });
  });
});

describe('an observer that throws', () => {
  const events = ['passStarted', 'phaseStarted', 'logged', 'passEnded'] as const satisfies (keyof PassObserver)[];
  for (const event of events) {
    it(`at ${event} loses no key, no worker and no stop, and is reported each time`, async () => {
      const errors: unknown[] = [];
      const observers = new PassObservers((error) => errors.push(error));
      const broken = (): never => {
        throw new Error('broken');
      };
      observers.add({ [event]: broken });
      const ended: string[] = [];
      observers.add({ passEnded: ({ key }) => ended.push(key) });
      const driver: Driver = {
        perform: (effect, pass, reply) => {
          if (effect.kind === 'phase') observers.phaseStarted.tell(pass, effect.phase, 0);
          observers.logged.tell(pass, undefined as never, 0);
          reply.resume(undefined);
        },
      };
      function* reconcile(): Reconcile {
        yield* phase('one');
        return done;
      }
      const controller = started(aController(reconcile), aControllerHost({ driver, observers }));
      addAll(controller, 'ns/a', 'ns/b', 'ns/c');
      assert.deepEqual(ended, ['ns/a', 'ns/b', 'ns/c']);
      assert.equal(controller.queue.length, 0);
      assert.equal(controller.activeWorkers, 0);
      assert.equal(errors.length, 3);
      await controller.stop();
    });
  }
});

describe('an error of a driver', () => {
  it('is thrown into the pass, whose finally runs and which may go on from it', () => {
    const seen: string[] = [];
    const driver: Driver = {
      perform: (effect, _pass, reply) => {
        if (effect.kind === 'sleep') throw new Error('the driver is broken');
        reply.resume(undefined);
      },
    };
    function* reconcile(): Reconcile {
      try {
        yield* new SleepEffect(1);
      } catch (error) {
        seen.push(String(error));
      } finally {
        seen.push('finally');
      }
      yield* phase('goes on');
      seen.push('the end');
      return done;
    }
    const controller = started(aController(reconcile), aControllerHost({ driver }));
    addAll(controller, 'ns/a');
    assert.deepEqual(seen, ['Error: the driver is broken', 'finally', 'the end']);
    assert.equal(controller.failures('ns/a'), 0);
  });

  it('that the pass does not catch fails it, and so does a pass that cannot even be begun', () => {
    const outcomes: string[] = [];
    const observers = new PassObservers();
    observers.add({
      passEnded: (_pass, outcome) => outcomes.push(outcome.kind === 'error' ? String(outcome.error) : outcome.kind),
    });
    const driver: Driver = {
      begin: ({ key }) => {
        if (key === 'ns/begin') throw new Error('begin');
      },
      perform: () => {
        throw new Error('perform');
      },
    };
    const reconcile = (key: string): Reconcile => {
      if (key === 'ns/make') throw new Error('make');
      return (function* (): Reconcile {
        yield* phase('never');
        return done;
      })();
    };
    const controller = started(aController(reconcile), aControllerHost({ driver, observers }));
    addAll(controller, 'ns/begin', 'ns/make', 'ns/perform');
    assert.deepEqual(outcomes, ['Error: begin', 'Error: make', 'Error: perform']);
    assert.equal(controller.activeWorkers, 0);
  });
});

describe('a pass', () => {
  it('is an object of its own for each run of a key, with a number counted over all controllers', () => {
    const clock = new VirtualClock();
    const passes: PassRecord[] = [];
    const observers = new PassObservers();
    observers.add({ passStarted: (pass) => passes.push(pass) });
    function* twice(): Reconcile {
      yield* phase('x');
      return passes.filter(({ controller }) => controller === 'one').length < 2 ? requeue : done;
    }
    function* once(): Reconcile {
      return done;
    }
    const host = aControllerHost({ clock, driver: answering, observers });
    const one = started(aController(twice, { name: 'one' }), host);
    const other = started(aController(once, { name: 'other' }), host);
    addAll(one, 'ns/a');
    addAll(other, 'ns/a');
    clock.run();
    assert.deepEqual(
      passes.map(({ id, controller, key, worker, attempt, trigger }) => [
        id,
        controller,
        key,
        worker,
        attempt,
        trigger,
      ]),
      [
        [0, 'one', 'ns/a', 0, 1, 'pod-added'],
        [1, 'other', 'ns/a', 0, 1, 'pod-added'],
        [2, 'one', 'ns/a', 0, 2, 'requeue'],
      ],
    );
    assert.equal(new Set(passes).size, 3, 'an object was used twice');
    assert.equal(passes[2]?.startedUs, clock.nowUs());
  });

  it('that is aborted runs its finally, tells observers, and comes again after the back-off of a failure', () => {
    const clock = new VirtualClock();
    const driver = new HeldDriver();
    const observers = new PassObservers();
    const told: string[] = [];
    observers.add({
      passStarted: ({ id }) => told.push(`${id} started`),
      passEnded: ({ id }) => told.push(`${id} ended`),
      passAborted: ({ id }) => told.push(`${id} aborted`),
    });
    function* reconcile(): Reconcile {
      try {
        yield* phase('waits');
        told.push('was answered');
      } finally {
        told.push('finally');
        yield* phase('is not asked for any more');
        told.push('unreachable');
      }
      return done;
    }
    const running: { abort(): void; over: boolean }[] = [];
    const host = aControllerHost({
      clock,
      observers,
      driver: {
        begin: (pass) => running.push(pass),
        perform: (effect, pass, reply) => driver.perform(effect, pass, reply),
      },
    });
    const controller = started(aController(reconcile), host);
    addAll(controller, 'ns/a');
    running[0]?.abort();
    running[0]?.abort();
    assert.deepEqual(told, ['0 started', 'finally', '0 aborted']);
    assert.equal(running[0]?.over, true);
    assert.equal(controller.activeWorkers, 0);
    driver.held[0]?.resume('late');
    driver.held[0]?.fail(new Error('late'));
    assert.deepEqual(told, ['0 started', 'finally', '0 aborted'], 'a late answer is dropped');
    assert.deepEqual(controller.queue.stateOf('ns/a')?.kind, 'delayed');
    clock.run();
    assert.equal(told.at(-1), '1 started');
  });
});

describe('stopping a controller', () => {
  it('whose driver never answers ends at the limit', async () => {
    const clock = new VirtualClock();
    function* reconcile(): Reconcile {
      yield* phase('for ever');
      return done;
    }
    const keys: string[] = [];
    const observers = new PassObservers();
    observers.add({ passStarted: ({ key }) => keys.push(key) });
    const controller = started(aController(reconcile, { workers: 2 }), aControllerHost({ clock, observers }));
    addAll(controller, 'ns/a', 'ns/b', 'ns/c');
    assert.equal(controller.activeWorkers, 2);
    let isStopped = false;
    const stopped = controller.stop(5_000_000).then(() => (isStopped = true));
    clock.run(4_999_999);
    await Promise.resolve();
    assert.equal(isStopped, false, 'it waits for passes in progress until the limit');
    clock.run();
    await stopped;
    assert.equal(controller.activeWorkers, 0);
    assert.deepEqual(keys, ['ns/a', 'ns/b'], 'no other key is taken');
    await controller.stop(0);
  });

  it('gives back the locks of what it aborts, and of what still waits for one', async () => {
    const taken: string[] = [];
    let waiting: (() => void)[] | undefined;
    // One lock, whose holder never gets its next answer.
    const driver: Driver = {
      perform: (effect, pass, reply) => {
        if (effect.kind === 'lock') {
          const grant = (): void => {
            taken.push(pass.key);
            reply.resume(undefined);
          };
          if (waiting === undefined) {
            waiting = [];
            grant();
          } else waiting.push(grant);
        } else if (effect.kind === 'unlock') {
          const next = waiting?.shift();
          if (next === undefined) waiting = undefined;
          else next();
          reply.resume(undefined);
        }
      },
    };
    function* reconcile(): Reconcile {
      yield* new LockEffect('token');
      try {
        yield* phase('never answered');
      } finally {
        yield* new UnlockEffect('token');
      }
      return done;
    }
    const controller = started(aController(reconcile, { workers: 2 }), aControllerHost({ driver }));
    addAll(controller, 'ns/a', 'ns/b');
    await controller.stop(0);
    assert.deepEqual(taken, ['ns/a', 'ns/b'], 'the lock went on when its holder was aborted');
    assert.equal(waiting, undefined, 'and was given back at the end');
  });
});

describe('what a controller is given', () => {
  it('decides in which order keys are taken', () => {
    /** The last one first; a key that is added again moves to the front. */
    class Stack {
      readonly items: QueuedItem[] = [];
      get length(): number {
        return this.items.length;
      }
      touch(item: QueuedItem): void {
        this.items.splice(this.items.indexOf(item), 1);
        this.items.push(item);
      }
      push(item: QueuedItem): void {
        this.items.push(item);
      }
      pop(): QueuedItem | undefined {
        return this.items.pop();
      }
      ahead(item: QueuedItem): number {
        return this.items.length - 1 - this.items.indexOf(item);
      }
    }
    const keys: string[] = [];
    function* reconcile(key: string): Reconcile {
      keys.push(key);
      return done;
    }
    const queue = { ...FIFO_QUEUE, order: () => new Stack() };
    const controller = new Controller(aController(reconcile, { queue }), aControllerHost());
    addAll(controller, 'ns/a', 'ns/b', 'ns/c', 'ns/a');
    controller.start();
    assert.deepEqual(keys, ['ns/a', 'ns/c', 'ns/b']);
  });

  it('decides how long a key waits after a failure', () => {
    const clock = new VirtualClock();
    const starts: number[] = [];
    function* reconcile(): Reconcile {
      starts.push(clock.nowUs());
      return starts.length < 3 ? requeue : done;
    }
    const backoff = () => ({ nextDelayUs: () => 7, failures: () => 0, forget: () => undefined });
    const controller = started(aController(reconcile, { backoff }), aControllerHost({ clock }));
    addAll(controller, 'ns/a');
    clock.run();
    assert.deepEqual(starts, [0, 7, 14]);
  });
});

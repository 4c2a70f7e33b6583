import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SleepEffect } from '../../src/base/effect.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { Controller } from '../../src/runtime/controller.ts';
import { done, requeue, type Reconcile } from '../../src/runtime/effects.ts';
import type { Driver } from '../../src/runtime/pass.ts';
import { ControllerRateLimiter } from '../../src/runtime/rate-limiter.ts';
import { WorkQueue } from '../../src/runtime/work-queue.ts';
import { aController, aControllerHost } from '../builders/controller-host.ts';
import { median, nanosecondsPerOperation, RUNS, type Row } from './measure.ts';
import { goPeer, simpyPeer } from './peers.ts';

const [MODEL_RUNNERS, MODEL_PASSES] = [2_000, 4];
/** A run takes a dozen milliseconds; Node.js has compiled its code for good after this many. */
const WARM_UPS = 60;

const keys = Array.from({ length: 1000 }, (_, index) => `arc/runner-${index}`);

/** The work queue and the reconcile loop beside Go's, the virtual clock beside SimPy's. */
export function runtimeBench(): Row[] {
  const go = goPeer();
  const queueNs = nanosecondsPerOperation(2_000_000, (count) => {
    const queue = new WorkQueue(new VirtualClock(), () => undefined);
    for (let index = 0; index < count; index++) {
      queue.add(keys[index % 1000] as string, 'ephemeralrunner-added');
      const item = queue.take();
      if (item !== undefined) queue.done(item);
    }
  });
  const loopNs = nanosecondsPerOperation(1_000_000, (count) => {
    const controller = new Controller(aController(nothing, { workers: 10 }), aControllerHost());
    controller.start();
    for (let index = 0; index < count; index++)
      controller.queue.add(keys[index % 1000] as string, 'ephemeralrunner-added');
  });
  const simpy = simpyPeer();
  // A process of its own, as SimPy has one.
  const model = Number(spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { encoding: 'utf8' }).stdout);
  const beside = (ours: number, theirs: number | undefined, name: string): string =>
    theirs === undefined
      ? typeof go === 'string'
        ? go
        : ''
      : `${name} ${theirs.toFixed(0)} ns: ${(theirs / ours).toFixed(1)} times as fast`;
  const [goQueue, goLoop] = typeof go === 'string' ? [] : [go['workqueue-add-get-done-ns'], go['empty-reconcile-ns']];
  return [
    {
      what: 'work queue, add + take + done',
      ours: `${queueNs.toFixed(0)} ns`,
      peer: beside(queueNs, goQueue, 'client-go'),
      aim: '',
    },
    {
      what: 'reconcile loop, empty reconciler',
      ours: `${loopNs.toFixed(0)} ns, ${(1e3 / loopNs).toFixed(2)} million a second`,
      peer: beside(loopNs, goLoop, 'controller-runtime'),
      aim: '2 million a second, 8 times',
    },
    {
      what: 'queue model in virtual time',
      ours: `${(model / 1e3).toFixed(0)} thousand passes a second`,
      peer:
        typeof simpy === 'string'
          ? simpy
          : `SimPy ${(simpy / 1e3).toFixed(0)} thousand: ${(model / simpy).toFixed(1)} times`,
      aim: '10 times',
    },
  ];
}

function* nothing(): Reconcile {
  return done;
}

/**
 * The model of peers/simpy: four passes a key, each four requests of 4 ms. Passes are compared, not events: the
 * two make different numbers for the same model: six a pass there, five here.
 */
function queueModelPassesPerSecond(): number {
  const clock = new VirtualClock();
  const passes = new Map<string, number>();
  function* pass(key: string): Reconcile {
    for (let request = 0; request < 4; request++) yield* new SleepEffect(4_000);
    const made = (passes.get(key) ?? 0) + 1;
    passes.set(key, made);
    return made < MODEL_PASSES ? requeue : done;
  }
  const driver: Driver = {
    perform: (effect, _pass, reply) => {
      if (effect.kind === 'sleep') clock.schedule(effect.delayUs, (resumed) => resumed.resume(undefined), reply);
    },
  };
  const backoff = () => new ControllerRateLimiter(clock, { baseUs: 1, maxUs: 1, perSecond: 0, burst: 1 });
  const controller = new Controller(aController(pass, { workers: 10, backoff }), aControllerHost({ clock, driver }));
  for (let index = 0; index < MODEL_RUNNERS; index++)
    controller.queue.add(`arc/model-${index}`, 'ephemeralrunner-added');
  const started = performance.now();
  controller.start();
  clock.run();
  return ((MODEL_RUNNERS * MODEL_PASSES) / (performance.now() - started)) * 1000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) queueModelPassesPerSecond();
  // SimPy's five runs take about as long as these, so that the machine's noise meets both alike.
  process.stdout.write(String(median(Array.from({ length: 10 * RUNS }, queueModelPassesPerSecond))));
}

import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { deleteRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, Secrets } from '../../../src/kubernetes/resource.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import type { ReconcileEffect } from '../../../src/runtime/effects.ts';
import { FaultDriver, type Fault } from '../../builders/fault-driver.ts';
import type { TraceRequest } from '../../../src/trace/model.ts';
import { describeEffect } from '../../builders/replay.ts';
import { knownPasses, type KnownPass } from '../../builders/traces.ts';

interface Life {
  readonly requests: string[];
  readonly mostPods: number;
  readonly leftRegistrations: number;
  readonly leftObjects: string[];
  readonly podsMade: number;
}

/** One runner from its creation until it is deleted while its job has not ended, with a fault at one of its requests. */
function live(mode: string, fault: Fault | undefined, at: number, seed: number): Life {
  const clock = new VirtualClock();
  const requests: string[] = [];
  const plan = (effect: ReconcileEffect): Fault | undefined => {
    requests.push(describeEffect(effect));
    return requests.length - 1 === at ? fault : undefined;
  };
  const rig = new EmbeddedRig({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings: { ...DEFAULT_SETTINGS, mode, seed, podStartUs: 100_000 },
    controllers: false,
    wrapDriver: (driver) => new FaultDriver(driver, plan),
  });
  let pods = 0;
  let mostPods = 0;
  let podsMade = 0;
  rig.cluster.api.store.of(Pods).listen((type) => {
    if (type === 'added') podsMade++;
    pods += type === 'added' ? 1 : type === 'deleted' ? -1 : 0;
    mostPods = Math.max(mostPods, pods);
  });
  rig.start();
  rig.runnerSet.create(1, (error) => assert.equal(error, undefined));
  clock.run();
  // The service drops the runner when its job is done; its owner deletes it afterwards.
  for (const { name } of rig.service.runners.values()) rig.service.setBusy(name, false);
  rig.cluster.send(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1'), () => undefined);
  clock.run(clock.nowUs() + 3_600_000_000);
  rig.dispose();
  const leftObjects = [EphemeralRunners, Pods, Secrets].flatMap((resource) =>
    [...rig.cluster.api.store.of(resource as typeof Pods).entries()].map(({ key }) => `${resource.plural} ${key}`),
  );
  return {
    requests,
    mostPods,
    podsMade,
    leftRegistrations: rig.service.runners.size,
    leftObjects: leftObjects.filter((name) => !name.endsWith('github-config')),
  };
}

describe('a fault at any single request of a runner’s life', () => {
  for (const mode of RELEASES.ids) {
    for (const fault of ['refuse', 'lose-answer'] as Fault[]) {
      it(`${mode}, ${fault}: the runner ends as it should, with one pod at a time and no registration left`, () => {
        const whole = live(mode, undefined, -1, 1).requests.length;
        assert.ok(whole > 15, 'the undisturbed life is too short to be one');
        for (let seed = 1; seed <= 3; seed++) {
          for (let at = 0; at < whole; at++) {
            const life = live(mode, fault, at, seed);
            const where = `${fault} at request ${at} (${life.requests[at]}), seed ${seed}`;
            assert.ok(life.mostPods <= 1, `two pods at once: ${where}`);
            assert.equal(life.podsMade, 1, `pods made: ${where}`);
            assert.deepEqual(life.leftObjects, [], where);
            assert.equal(life.leftRegistrations, 0, `a registration is left: ${where}`);
          }
        }
      });
    }
  }
});

describe('a request that the server asks to repeat later (429 and 503 with Retry-After)', () => {
  /** Passes in which the pod of one runner is requested, while the server refuses the first few times. */
  function podPasses(status: number, times: number): readonly KnownPass[] {
    const clock = new VirtualClock();
    const rig = new EmbeddedRig({ clock, epochMs: VIRTUAL_EPOCH_MS, settings: { ...DEFAULT_SETTINGS, mode: 'new' } });
    rig.start();
    rig.conditions.change({ faults: [{ verb: 'create', resource: 'pods', status, times }] });
    rig.runnerSet.create(1, (error) => assert.equal(error, undefined));
    clock.run();
    rig.dispose();
    return knownPasses(rig.trace).filter(({ requests }) => requests.some(isPodCreation));
  }
  const isPodCreation = ({ verb, resource }: TraceRequest): boolean => verb === 'create' && resource === 'pods';

  for (const status of [429, 503]) {
    it(`${status}: is repeated within its pass after the second it asks for, each try reported`, () => {
      const passes = podPasses(status, 2);
      assert.equal(passes.length, 1);
      const tries = passes[0]?.requests.filter(isPodCreation) ?? [];
      assert.deepEqual(
        tries.map((one) => one.status),
        [status, status, 201],
      );
      for (const [index, { started }] of tries.entries()) {
        const before = tries[index - 1];
        if (before !== undefined) assert.equal(started - before.ended, 1_000_000);
      }
      assert.equal(passes[0]?.result, 'done');
    });
  }

  it('is given up after ten repetitions; the pass fails then, and the next one goes on', () => {
    const [first, second] = podPasses(429, 15);
    assert.equal(first?.requests.filter(isPodCreation).length, 11);
    assert.equal(first?.result, 'error');
    assert.equal(second?.requests.filter(isPodCreation).length, 5);
    assert.equal(second?.result, 'done');
  });

  it('other refusals are not repeated within the pass', () => {
    const [first] = podPasses(500, 1);
    assert.equal(first?.requests.filter(isPodCreation).length, 1);
    assert.equal(first?.result, 'error');
  });
});

describe('what upstream itself leaves behind', () => {
  it('a registration whose id the pass on a stale cache does not know yet, when a runner is deleted during its JIT call (old)', () => {
    let leaks = 0;
    const runs = 40;
    for (let seed = 1; seed <= runs; seed++) {
      const clock = new VirtualClock();
      const rig = new EmbeddedRig({
        clock,
        epochMs: VIRTUAL_EPOCH_MS,
        settings: { ...DEFAULT_SETTINGS, mode: 'old', seed, workers: 1, jitLatencyUs: 3_000_000 },
      });
      rig.start();
      rig.runnerSet.create(1, () => undefined);
      clock.run(1_000_000);
      rig.cluster.send(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1'), () => undefined);
      clock.run();
      rig.dispose();
      assert.equal(rig.cluster.api.store.of(EphemeralRunners).size, 0, 'the runner itself always goes');
      leaks += rig.service.runners.size;
    }
    assert.ok(
      leaks > 0 && leaks < runs,
      `${leaks} of ${runs} registrations leaked; the real controller leaks about half`,
    );
  });
});

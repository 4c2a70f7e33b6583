import assert from 'node:assert/strict';
import { createRequest, deleteRequest, getRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, EphemeralRunnerSets, Pods, Secrets } from '../../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner } from '../../../src/kubernetes/types.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { HEALTHY, RUNS, SECOND_US, Upgrade } from '../../builders/handover.ts';

describe('a release that takes over healthy objects of another', () => {
  for (const [from, to] of HEALTHY) {
    it(`makes a pass and a read for each and writes nothing but a new phase, ${from} to ${to}`, () => {
      for (const settings of [RUNS, {}]) {
        const upgrade = new Upgrade(from, to, { ...settings, runners: 2 }, { throughSet: true }).wait(20);
        const writes = upgrade.requests.filter((request) => !request.startsWith('get '));
        const hasPhase = (id: string): boolean => RELEASES.get(id).switches.has(4404);
        const isNewPhase = hasPhase(to) && !hasPhase(from);
        assert.deepEqual(writes, isNewPhase ? ['patch ephemeralrunnersets/status'] : []);
        const { runners, takenDown, made } = upgrade.outcome;
        assert.deepEqual([takenDown, made], [0, 0]);
        // The set's own new phase makes one more pass of it.
        assert.equal(upgrade.passes, runners + 1 + writes.length);
        assert.equal(upgrade.requests.length, runners + writes.length);
      }
    });
  }

  it('goes on as it does with its own: what ends is replaced by the rules of the later release', () => {
    const upgrade = new Upgrade('new', '0.13.1', { ...RUNS, runners: 2 }, { throughSet: true }).wait(5);
    const [{ metadata: { name = '' } = {} } = {}] = upgrade.objects(EphemeralRunners);
    const status = {
      phase: 'Running',
      containerStatuses: [{ name: 'runner', state: { terminated: { exitCode: 0 } } }],
    };
    upgrade.run.environment.service.forget(name);
    upgrade.act(patchRequest(Pods, LAB_NAMESPACE, name, { status }, 'status'));
    upgrade.wait(10);
    const names = upgrade.objects(EphemeralRunners).map(({ metadata }) => metadata.name);
    assert.ok(
      !names.includes(name) && names.length >= 2,
      '0.13.1 deletes a runner that is done, and the set makes another',
    );
  });
});

describe('a runner with a failed pod', () => {
  const FAILS = { ...RUNS, pods: 'fails-at-start', runners: 3 };

  for (const [from, to] of [
    ['0.11.0', '0.12.1'],
    ['0.11.0', '0.13.1'],
    ['new', '0.14.2'],
    ['new', 'latest'],
    ['0.12.1', '0.11.0'],
    ['0.13.1', 'new'],
  ] as const) {
    it(`keeps every worker from starting between ${from} and ${to}, which one sentence says`, () => {
      const errors: string[] = [];
      const upgrade = new Upgrade(from, to, FAILS, {}, 4 * SECOND_US);
      upgrade.run.controllers.whenSynced(() => errors.push('synced'));
      upgrade.wait(600);
      assert.deepEqual([upgrade.passes, errors], [0, []]);
      const isForward = RELEASES.position(from) < RELEASES.position(to);
      const [wrote, reads] = isForward ? ['true', 'times'] : ['times', 'true'];
      assert.match(
        upgrade.sentence,
        new RegExp(
          `^${to} starts no worker: ${from} wrote ${wrote} into status.failures of runner-1, .*where ${to} reads ${reads}, .*empty its status.failures.$`,
        ),
      );
      for (const { metadata } of upgrade.objects(EphemeralRunners)) {
        const finalizers = { metadata: { finalizers: null } };
        upgrade.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, metadata.name, finalizers));
        upgrade.act(deleteRequest(EphemeralRunners, LAB_NAMESPACE, metadata.name));
      }
      upgrade.wait(60);
      assert.deepEqual(errors, ['synced'], 'when they are gone, it starts');
    });
  }

  it('is of no consequence between releases that read the same', () => {
    const upgrade = new Upgrade('0.12.1', '0.14.2', FAILS, {}, 4 * SECOND_US).wait(60);
    assert.ok(upgrade.passes > 0);
  });
});

describe('a registration without its secret, which is the record from 4191 on', () => {
  const registered = (status: object): Upgrade => {
    const upgrade = new Upgrade('0.12.1', '0.13.1', { runners: 1 });
    const { service } = upgrade.run.environment;
    upgrade.act(deleteRequest(Secrets, LAB_NAMESPACE, 'runner-1'));
    upgrade.act(deleteRequest(Pods, LAB_NAMESPACE, 'runner-1', { gracePeriodSeconds: 0 }));
    if (Object.keys(status).length > 0) {
      upgrade.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1', { status }, 'status'));
    }
    assert.equal(service.state.runners.length, 1);
    return upgrade.wait(10);
  };

  it('is replaced by another, and the status keeps the id of the first', () => {
    const upgrade = registered({});
    const [runner] = upgrade.objects(EphemeralRunners);
    const [registration] = upgrade.run.environment.service.state.runners;
    assert.deepEqual([runner?.status?.runnerId, registration?.id], [101, 102]);
    assert.match(
      upgrade.sentence,
      /^The status of runner-1 keeps the id of a registration that 0\.13\.1 has replaced/m,
    );
  });
});

describe('a set of 0.14.2 under latest', () => {
  const taken = (): Upgrade => new Upgrade('0.14.2', 'latest', { runners: 2 }, { throughSet: true }).wait(10);

  it('gets a second finalizer, and its runners without a job are replaced for the new hash', () => {
    const upgrade = taken();
    const [set] = upgrade.objects(EphemeralRunnerSets);
    assert.deepEqual(set?.metadata.finalizers, [
      'ephemeralrunner.actions.github.com/finalizer',
      'ephemeralrunnerset.actions.github.com/finalizer',
    ]);
    assert.ok(set.metadata.annotations?.['actions.github.com/integrity-hash'] !== undefined);
    const { runners, takenDown, made } = upgrade.outcome;
    assert.ok(takenDown === runners && made >= 2, `${takenDown} of ${runners} taken down, ${made} made`);
    assert.match(upgrade.sentence, /which latest never removes\. After deleting the set/);
  });

  it('never goes once it is deleted, and goes at once under 0.14.2', () => {
    for (const [to, isStuck] of [
      ['latest', true],
      ['0.14.2', false],
    ] as const) {
      const upgrade = new Upgrade('0.14.2', to, { runners: 2 }, { throughSet: true }).wait(10);
      upgrade.act(deleteRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'lab'));
      upgrade.wait(600);
      const reply = upgrade.act(getRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'lab'));
      assert.equal(reply instanceof Error, !isStuck, to);
      if (isStuck) {
        const { finalizers } = (reply as ApiObject).metadata;
        assert.deepEqual(finalizers, ['ephemeralrunner.actions.github.com/finalizer']);
      }
    }
  });
});

describe('what an earlier release left in other ways', () => {
  it('is a runner with a job that its listener gave no jobId: from 4239 on it is taken for idle', () => {
    const upgrade = new Upgrade('0.12.1', '0.13.1', { ...RUNS, runners: 1 });
    const status = { jobRequestId: 7 };
    upgrade.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1', { status }, 'status'));
    upgrade.wait(5);
    const terminated = { name: 'runner', state: { terminated: { exitCode: 1 } } };
    const failed = { phase: 'Failed', containerStatuses: [terminated] };
    upgrade.act(patchRequest(Pods, LAB_NAMESPACE, 'runner-1', { status: failed }, 'status'));
    upgrade.wait(30);
    const [runner] = upgrade.objects(EphemeralRunners);
    assert.equal(Object.keys(runner?.status?.failures ?? {}).length, 1, 'its pod is made again');
  });

  it('is a runner without finalizers, which gets both in one patch from 4320 on', () => {
    const upgrade = new Upgrade('new', '0.13.1', { runners: 1 });
    const [{ spec } = {}] = upgrade.objects(EphemeralRunners);
    const { apiVersion, kind } = EphemeralRunners;
    const bare = { apiVersion, kind, metadata: { name: 'bare', namespace: LAB_NAMESPACE }, spec } as EphemeralRunner;
    upgrade.act(createRequest(EphemeralRunners, bare));
    upgrade.wait(5);
    const patches = [...upgrade.run.trace.passes()].flatMap(({ requests = [] }) =>
      requests.filter(({ verb, resource }) => verb === 'patch' && resource === 'ephemeralrunners'),
    );
    const made = upgrade.objects(EphemeralRunners).find(({ metadata }) => metadata.name === 'bare');
    assert.deepEqual([patches.length, made?.metadata.finalizers?.length], [1, 2]);
  });

  it('has a trace that begins at the handover', () => {
    const load = { upgrade: { from: '0.13.1', afterUs: 30 * SECOND_US } };
    const { originUs, end, trace } = simulate({ ...DEFAULT_SETTINGS, ...RUNS, mode: '0.14.2' }, { load });
    assert.deepEqual([originUs, end.kind], [0, 'quiet']);
    assert.deepEqual(trace.header.settings['upgradeFrom'], '0.13.1');
  });

  it('calls runners that are gone after their jobs finished, and not taken down', () => {
    for (const [from, to] of [
      ['0.12.1', '0.14.2'],
      ['0.11.0', '0.13.1'],
    ] as const) {
      const runs = { ...RUNS, runners: 3, jobDurationUs: 90 * SECOND_US };
      const { outcome, sentence } = new Upgrade(from, to, runs).wait(120);
      assert.deepEqual([outcome.takenDown, outcome.finished], [3, 3], `${from} to ${to}`);
      assert.equal(sentence, `3 runners of ${from} finished their jobs and were deleted.`);
    }
  });
});

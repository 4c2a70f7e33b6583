import assert from 'node:assert/strict';
import { deleteRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods, Secrets } from '../../../src/kubernetes/resource.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { checkUpgrade } from '../../../src/upgrade/check.ts';
import { LOOKED_AT } from '../../../src/upgrade/kinds.ts';
import { Snapshot } from '../../../src/upgrade/snapshot.ts';
import { HEALTHY, RUNS, SECOND_US, Upgrade } from '../../builders/handover.ts';

/** What the check says of the objects as they are now. */
function hazardsIn(upgrade: Upgrade, from: string, to: string): readonly string[] {
  const objects = new Map(LOOKED_AT.map((resource) => [resource, upgrade.objects(resource)]));
  return checkUpgrade(new Snapshot('the run', '', objects, new Map()), to, from).hazards.map(({ id }) => id);
}

describe('what is said before an upgrade, and the run of the upgrade', () => {
  for (const [from, to] of HEALTHY) {
    it(`are both without harm for healthy objects, ${from} to ${to}`, () => {
      for (const settings of [RUNS, {}]) {
        const upgrade = new Upgrade(from, to, { ...settings, runners: 2 }, { throughSet: true });
        assert.deepEqual(hazardsIn(upgrade, from, to), []);
        const { takenDown, made, unreadable, wrongIds, heldSets } = upgrade.wait(20).outcome;
        assert.deepEqual([takenDown, made, unreadable, wrongIds, heldSets], [0, 0, [], [], []]);
      }
    });
  }

  it('agree on which releases start no worker after a failed pod, in both directions', () => {
    const releases = ['new', '0.11.0', '0.12.1', '0.13.1', '0.14.0', '0.14.2', 'latest'];
    for (const from of releases) {
      for (const to of releases.filter((one) => one !== from)) {
        const pods = { ...RUNS, pods: 'fails-at-start', runners: 2 };
        const upgrade = new Upgrade(from, to, pods, {}, 4 * SECOND_US);
        const isNamed = hazardsIn(upgrade, from, to).includes('failures-type');
        assert.equal(upgrade.wait(30).passes === 0, isNamed, `${from} to ${to}`);
      }
    }
  });

  it('agree on whose status keeps the wrong id', () => {
    for (const [from, to, isLost] of [
      ['0.12.1', '0.13.1', true],
      ['0.11.0', '0.14.2', true],
      ['0.12.1', '0.13.1', false],
      ['0.11.0', '0.12.1', true],
    ] as const) {
      const upgrade = new Upgrade(from, to, { runners: 1 });
      if (isLost) {
        upgrade.act(deleteRequest(Secrets, LAB_NAMESPACE, 'runner-1'));
        upgrade.act(deleteRequest(Pods, LAB_NAMESPACE, 'runner-1', { gracePeriodSeconds: 0 }));
      }
      const isNamed = hazardsIn(upgrade, from, to).includes('registered-without-secret');
      assert.equal(upgrade.wait(10).outcome.wrongIds.length > 0, isNamed, `${from} to ${to}, lost: ${isLost}`);
    }
  });

  it('agree on who registers a runner again whose status was not yet written', () => {
    for (const [from, to, isKnown] of [
      ['0.13.1', '0.12.1', false],
      ['0.13.1', '0.12.1', true],
      ['0.13.1', '0.14.2', false],
    ] as const) {
      const upgrade = new Upgrade(from, to, { runners: 1 });
      const status = { runnerId: null, runnerName: null };
      if (!isKnown) {
        upgrade.act(deleteRequest(Pods, LAB_NAMESPACE, 'runner-1', { gracePeriodSeconds: 0 }));
        upgrade.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1', { status }, 'status'));
      }
      const { service } = upgrade.run.environment;
      const [before] = service.state.runners;
      const isNamed = hazardsIn(upgrade, from, to).includes('secret-before-status');
      upgrade.wait(20);
      const [after] = service.state.runners;
      assert.equal(after?.id !== before?.id, isNamed, `${from} to ${to}, known: ${isKnown}`);
    }
  });

  it('agree on sets that can never be deleted, and on runners that are replaced', () => {
    for (const [from, to] of [
      ['0.14.2', 'latest'],
      ['latest', '0.14.2'],
      ['0.13.1', '0.14.2'],
      ['0.13.1', 'latest'],
    ] as const) {
      // Their pods stay pending: they have no jobs.
      const upgrade = new Upgrade(from, to, { runners: 2 }, { throughSet: true });
      const named = hazardsIn(upgrade, from, to);
      const { heldSets, takenDown } = upgrade.wait(20).outcome;
      assert.equal(heldSets.length > 0, named.includes('set-finalizer'), `${from} to ${to}: finalizer`);
      assert.equal(takenDown > 0, named.includes('runners-replaced'), `${from} to ${to}: ${takenDown} taken down`);
    }
  });

  it('agree on whose job is not seen: its pod is made again', () => {
    for (const [from, to, job] of [
      ['0.12.1', '0.13.1', { jobRequestId: 7 }],
      ['0.12.1', '0.13.1', { jobRequestId: 7, jobId: 'job' }],
    ] as const) {
      const upgrade = new Upgrade(from, to, { ...RUNS, runners: 1 });
      upgrade.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1', { status: job }, 'status'));
      const isNamed = hazardsIn(upgrade, from, to).includes('job-without-id');
      failPod(upgrade.wait(5), { containerStatuses: [ended('runner', 1)] });
      upgrade.wait(30);
      const [runner] = upgrade.objects(EphemeralRunners);
      const isMadeAgain = Object.keys(runner?.status?.failures ?? {}).length > 0;
      assert.equal(isMadeAgain, isNamed, JSON.stringify(job));
    }
  });

  it('agree on exit code 7: the runner is outdated', () => {
    for (const [from, to, code] of [
      ['0.13.1', '0.14.2', 7],
      ['0.13.1', '0.14.2', 1],
      ['0.12.1', '0.13.1', 7],
    ] as const) {
      const upgrade = new Upgrade(from, to, { ...RUNS, runners: 1 });
      failPod(upgrade, { containerStatuses: [ended('runner', code)] });
      const isNamed = hazardsIn(upgrade, from, to).includes('exit-code-7');
      const [runner] = upgrade.wait(20).objects(EphemeralRunners);
      assert.equal(runner?.status?.phase === 'Outdated', isNamed, `${from} to ${to}, exit code ${code}`);
    }
  });

  it('agree on a failed init container, which fails the pod', () => {
    for (const [from, to] of [
      ['0.14.0', '0.14.2'],
      ['0.13.1', '0.14.0'],
    ] as const) {
      const upgrade = new Upgrade(from, to, { runners: 1 });
      const status = { phase: 'Pending', initContainerStatuses: [ended('init', 1)] };
      upgrade.act(patchRequest(Pods, LAB_NAMESPACE, 'runner-1', { status }, 'status'));
      const isNamed = hazardsIn(upgrade, from, to).includes('init-container');
      const [runner] = upgrade.wait(20).objects(EphemeralRunners);
      assert.equal(Object.keys(runner?.status?.failures ?? {}).length > 0, isNamed, `${from} to ${to}`);
    }
  });
});

function ended(name: string, exitCode: number): object {
  return { name, state: { terminated: { exitCode } } };
}

function failPod(upgrade: Upgrade, status: object): void {
  upgrade.act(patchRequest(Pods, LAB_NAMESPACE, 'runner-1', { status: { phase: 'Failed', ...status } }, 'status'));
}

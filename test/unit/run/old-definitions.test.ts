import assert from 'node:assert/strict';
import { patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, EphemeralRunnerSets, Pods } from '../../../src/kubernetes/resource.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { RUNS, SECOND_US, Upgrade } from '../../builders/handover.ts';

/** A release with the definitions of the one before, or with its own. */
function upgraded(from: string, to: string, keepsDefinitions: boolean, throughSet = false): Upgrade {
  const settings = { ...RUNS, runners: 1 };
  return new Upgrade(from, to, settings, { throughSet }, 20 * SECOND_US, keepsDefinitions).wait(2);
}

function fail(upgrade: Upgrade, exitCode: number): void {
  const [{ metadata: { name = '' } = {} } = {}] = upgrade.objects(Pods);
  const terminated = { name: 'runner', state: { terminated: { exitCode } } };
  const status = { phase: 'Failed', containerStatuses: [terminated] };
  upgrade.act(patchRequest(Pods, LAB_NAMESPACE, name, { status }, 'status'));
}

/** Requests since the handover of a kind, with their answers. */
function requests(upgrade: Upgrade, verb: string, resource: string): { status?: number; message?: string }[] {
  return [...upgrade.run.trace.passes()].flatMap(({ requests = [] }) =>
    requests
      .filter((one) => one.verb === verb && one.resource === resource)
      .map(({ status = 0, message = '' }) => ({ status, message })),
  );
}

describe('a release with the definitions of custom resources of the one before', () => {
  it('0.12.1 with those of 0.11.0 counts no failed pod: the status is refused after the pod was deleted', () => {
    const counted = (keeps: boolean): number => {
      const upgrade = upgraded('0.11.0', '0.12.1', keeps);
      fail(upgrade, 1);
      upgrade.wait(2);
      const refused = requests(upgrade, 'patch', 'ephemeralrunners/status').filter(({ status }) => status === 422);
      assert.equal(refused.length > 0, keeps);
      if (keeps)
        assert.match(
          refused[0]?.message ?? '',
          /^EphemeralRunner\.actions\.github\.com ".*" is invalid: status\.failures\..*Invalid value: "string"/,
        );
      if (keeps) assert.equal(requests(upgrade, 'create', 'pods').length, 1, 'no back-off holds the next pod back');
      return Object.keys(upgrade.objects(EphemeralRunners)[0]?.status?.failures ?? {}).length;
    };
    assert.deepEqual([counted(true), counted(false)], [0, 1]);
  });

  it('0.13.1 with those of 0.12.1 does not know which runner has a job, and makes the pod of one again', () => {
    const afterFailure = (keeps: boolean): readonly unknown[] => {
      const upgrade = upgraded('0.12.1', '0.13.1', keeps);
      const status = { jobId: 'a-job', jobRequestId: 7 };
      upgrade.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1', { status }, 'status'));
      upgrade.wait(1);
      const { jobId, jobRequestId } = upgrade.objects(EphemeralRunners)[0]?.status ?? {};
      fail(upgrade, 1);
      upgrade.wait(20);
      const kept = upgrade.objects(EphemeralRunners).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      return [jobId, jobRequestId, kept.length];
    };
    assert.deepEqual(afterFailure(true), [undefined, 7, 1]);
    assert.deepEqual(afterFailure(false), ['a-job', 7, 0], 'it is deleted');
  });

  it('0.14.2 with those of 0.13.1 writes the phase of a set in every pass, which never arrives', () => {
    const phases = (keeps: boolean): readonly unknown[] => {
      const upgrade = upgraded('0.13.1', '0.14.2', keeps, true);
      for (const runner of ['one', 'two', 'three']) {
        const annotations = { touched: runner };
        upgrade.act(patchRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'lab', { metadata: { annotations } }));
        upgrade.wait(1);
      }
      const [set] = upgrade.objects(EphemeralRunnerSets);
      return [set?.status?.phase, requests(upgrade, 'patch', 'ephemeralrunnersets/status').length];
    };
    assert.deepEqual(phases(true), [undefined, 4]);
    assert.deepEqual(phases(false), ['Running', 1]);
  });
});

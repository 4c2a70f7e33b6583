import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Pods } from '../../../src/kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerStatus, PodStatus } from '../../../src/kubernetes/types.ts';
import { attachSentence } from '../../../src/model/at-attach.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { explainRunner } from '../../../src/explain/explain-runner.ts';
import { ServedCluster } from '../../../src/serve/served-cluster.ts';
import { EPHEMERAL_RUNNER } from '../../../src/reconciler/controller.ts';
import { RunSession } from '../../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { inFolder } from '../../builders/arc-lab.ts';
import { eventually } from '../../builders/eventually.ts';
import { aPod, aRunner } from '../../builders/objects.ts';
import { BARE } from '../../builders/served-cluster.ts';

const FINALIZERS = [
  'ephemeralrunner.actions.github.com/finalizer',
  'ephemeralrunner.actions.github.com/runner-registration-finalizer',
];
const KEY = `${LAB_NAMESPACE}/job1`;
const stuck: EphemeralRunnerStatus = {
  phase: 'Running',
  ready: true,
  runnerId: 904,
  runnerName: 'job1',
  jobRequestId: 77120,
};
const failedOnce = { failures: { '0b1d6f0e-5c0e-4a53-9a8e-2f6a5cf1d0aa': '2026-03-02T07:00:12Z' } };

/** Attaches to a cluster with one runner in a given state, and its pod where there is one. */
async function attached(
  there: { status: object; pod?: PodStatus },
  held: boolean,
  look: (session: RunSession, served: ServedCluster) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const served = await ServedCluster.start({ ...BARE, namespaces: [LAB_NAMESPACE] });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, served.kubeconfig());
    const { api } = served.cluster;
    const metadata = { namespace: LAB_NAMESPACE, finalizers: FINALIZERS };
    const runner = api.handle(createRequest(EphemeralRunners, aRunner(metadata))) as EphemeralRunner;
    api.handle(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'job1', { status: there.status }, 'status'));
    if (there.pod !== undefined) {
      const { apiVersion, kind, metadata: owner } = runner;
      const reference = { apiVersion, kind, name: 'job1', uid: owner.uid ?? '', controller: true };
      api.handle(createRequest(Pods, aPod({ namespace: LAB_NAMESPACE, ownerReferences: [reference] })));
      api.handle(patchRequest(Pods, LAB_NAMESPACE, 'job1', { status: there.pod }, 'status'));
    }
    const settings = { ...DEFAULT_SETTINGS, mode: 'new' as const, jitLatencyUs: 1_000 };
    const target = { kind: 'attached' as const, kubeconfig, apply: false, simulatePods: true, held };
    const session = await RunSession.attach(settings, target, {});
    try {
      await look(session, served);
    } finally {
      await session.stop();
      await served.close();
    }
  });
}

describe('what was there when a session attached', () => {
  it('is kept when the reconciler has changed it: a Running runner without a pod keeps its evidence', () =>
    attached({ status: { ...stuck, ...failedOnce } }, false, async (session) => {
      await eventually(() => assert.ok(session.table.pod(KEY) !== undefined, 'no pod was made in the overlay'));
      const said = 'Running without a pod, job 77120 assigned, one failure at 07:00:12 UTC on 2026-03-02';
      assert.equal(session.atAttach?.changedSince(KEY), said);
      assert.match(
        attachSentence(session.atAttach, KEY),
        /^When this session attached, at \d\d:\d\d:\d\d UTC on \d{4}-\d\d-\d\d: Running without a pod, /,
      );
      assert.ok(explainRunner(session, KEY).includes(said), explainRunner(session, KEY));
      assert.equal(session.atAttach?.of(KEY)?.runner.status?.jobRequestId, 77120);
    }));

  it('names the container that was killed beside a sidecar that keeps the pod Running', () => {
    const pod: PodStatus = {
      phase: 'Running',
      containerStatuses: [
        { name: 'runner', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
        { name: 'dind', state: { running: {} } },
      ],
    };
    return attached({ status: { ...stuck, jobRequestId: 0 }, pod }, false, async (session) => {
      await eventually(() =>
        assert.equal(
          session.atAttach?.changedSince(KEY),
          'Running, pod Running: Container runner ran out of memory and was killed while dind keeps the pod Running (OOMKilled)',
        ),
      );
    });
  });

  it('is not repeated while it is still so, and gives the message of a runner that had failed', () => {
    const message = 'Failed to create the pod: spec.initContainers[0].restartPolicy: Unsupported value: "OnFailure"';
    const status = { phase: 'Failed', reason: 'InvalidPod', message, runnerId: 661 };
    return attached({ status }, true, async (session, served) => {
      await new Promise<void>((resolve) => session.controllers.whenSynced(resolve));
      assert.equal(session.atAttach?.changedSince(KEY), '');
      const patch = { status: { reason: 'Other', message: null } };
      served.cluster.api.handle(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'job1', patch, 'status'));
      await eventually(() => assert.equal(session.atAttach?.changedSince(KEY), `Failed: InvalidPod: ${message}`));
    });
  });
});

describe('a session that is started held', () => {
  it('fills its caches and reconciles nothing, not even what changes, until it is released', () =>
    attached({ status: stuck }, true, async (session, served) => {
      await new Promise<void>((resolve) => session.controllers.whenSynced(resolve));
      const patch = { metadata: { labels: { changed: 'yes' } } };
      served.cluster.api.handle(patchRequest(EphemeralRunners, LAB_NAMESPACE, 'job1', patch));
      await eventually(() => assert.equal(session.table.runner(KEY)?.metadata.labels?.['changed'], 'yes'));
      assert.equal(session.held, true);
      const { differences } = session.trace.header.settings;
      assert.equal(differences, session.differences, 'its trace does not say what is simulated');
      assert.match(String(differences), /^pods are simulated: /);
      assert.equal(session.controllers.named(EPHEMERAL_RUNNER).queue.length, 0);
      assert.deepEqual([session.trace.length, session.table.describe(KEY)?.passes], [1, 0]);
      assert.throws(() => session.reconcileNow(KEY), /start reconciling first/);
      assert.match(explainRunner(session, KEY), /The session is held: nothing is reconciled until you start it\./);

      session.release();
      await eventually(() => assert.ok(session.table.pod(KEY) !== undefined, 'nothing was reconciled'));
      assert.equal(session.held, false);
      assert.doesNotMatch(explainRunner(session, KEY), /held/);
      assert.match(session.atAttach?.changedSince(KEY) ?? '', /^Running without a pod, job 77120 assigned/);
    }));
});

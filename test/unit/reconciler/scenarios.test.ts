import assert from 'node:assert/strict';
import { HttpTransportError } from '../../../src/base/http.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { createRequest, deleteRequest, getRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import { ConfigMaps, EphemeralRunners, Pods, Secrets } from '../../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner } from '../../../src/kubernetes/types.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { aPod, aRunner, aSecret } from '../../builders/objects.ts';
import { aRig, inRunnerNamespace, spec } from '../../builders/runner-rig.ts';

for (const { id: mode } of RELEASES.all.filter(({ switches }) => !switches.has(3941))) {
  describe(`in ${mode} mode, which takes a runner down in steps`, () => {
    it('what container hooks left is deleted with the runner: pods, 5 s later secrets, 5 s later the finalizer goes', () => {
      const { clock, rig, sent, act } = aRig(mode);
      const labels = { 'runner-pod': 'job1' };
      act(createRequest(Pods, inRunnerNamespace(aPod({ name: 'hook-pod', labels }))));
      act(createRequest(Secrets, inRunnerNamespace(aSecret({ name: 'hook-secret', labels }))));
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, spec))));
      rig.start();
      clock.run();
      act(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'job1'));
      sent.length = 0;
      clock.run();
      const at = (what: string): number => {
        const entry = sent.find((each) => each.what === what);
        return entry?.atUs ?? assert.fail(`${what} was not sent`);
      };
      assert.ok(at('delete pods hook-pod') > at('delete secrets job1'));
      assert.ok(at('delete secrets hook-secret') > at('delete pods hook-pod'));
      const last = sent.at(-1);
      assert.equal(last?.what, 'patch ephemeralrunners job1');
      const seconds = (at('delete pods hook-pod') - at('delete pods job1')) / 1e6;
      assert.ok(seconds < 1, `hook pods were deleted ${seconds} s after the runner's pod`);
      const total = ((last?.atUs ?? 0) - at('delete pods job1')) / 1e6;
      assert.ok(total > 4.9 && total < 10.1, `the finalizer went after ${total} s; 5 s or 10 s were recorded`);
      assert.equal(
        act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, spec)))) instanceof Error,
        false,
        'still there',
      );
    });

    it('a hook pod that cannot be deleted keeps no other from it', () => {
      const deleted: string[] = [];
      let refuses = true;
      const { clock, rig, act } = aRig(mode, {
        wrapCluster: (cluster) => ({
          watch: (resource, namespace, handler) => cluster.watch(resource, namespace, handler),
          send: (request, done) => {
            if (request.verb !== 'delete' || !request.name.startsWith('hook')) cluster.send(request, done);
            else if (request.name === 'hook-1' && refuses) {
              refuses = false;
              clock.schedule(1_000, () => done(new ApiError(500, 'InternalError', 'no room for it')), undefined);
            } else {
              deleted.push(request.name);
              cluster.send(request, done);
            }
          },
        }),
      });
      const labels = { 'runner-pod': 'job1' };
      for (const name of ['hook-1', 'hook-2', 'hook-3'])
        act(createRequest(Pods, inRunnerNamespace(aPod({ name, labels }))));
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, spec))));
      rig.start();
      clock.run();
      act(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'job1'));
      clock.run();
      assert.deepEqual(deleted, ['hook-2', 'hook-3', 'hook-1']);
      const errors = [...rig.trace.passes()].flatMap(({ error }) => error ?? []);
      assert.deepEqual(errors, ['failed to delete a runner-linked pod: no room for it']);
      assert.ok(act(getRequest(EphemeralRunners, LAB_NAMESPACE, 'job1')) instanceof Error, 'the runner is still there');
    });

    it('a pod that a node runs is waited for with doubling requeues and without a request', () => {
      const { clock, rig, sent, act } = aRig(mode);
      const nodeSpec = { containers: [{ name: 'runner', image: 'x' }], nodeName: 'node1' };
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, { ...spec, spec: nodeSpec }))));
      rig.start();
      clock.run();
      act(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'job1'));
      const before = rig.trace.passCount;
      sent.length = 0;
      clock.run(clock.nowUs() + 2_000_000);
      assert.deepEqual(
        sent.map(({ what }) => what).filter((what) => what.includes('pods')),
        ['delete pods job1'],
      );
      const passes = rig.trace.passCount - before;
      assert.ok(passes >= 9 && passes <= 13, `${passes} passes in 2 s of waiting; about 10 requeues were observed`);
      act(deleteRequest(Pods, LAB_NAMESPACE, 'job1', { gracePeriodSeconds: 0 }));
      clock.run();
      assert.equal(rig.cluster.api.store.of(EphemeralRunners).size, 0);
    });
  });
}

for (const { id: mode } of RELEASES.all.filter(({ switches }) => switches.has(3941))) {
  describe(`in ${mode} mode, which takes a runner down in one pass`, () => {
    const hooks = [{ name: 'ACTIONS_RUNNER_CONTAINER_HOOKS', value: '/hooks/index.js' }];
    const withHooks = { ...spec, spec: { containers: [{ name: 'runner', image: 'x', env: hooks }] } };

    /** What is sent after a runner's deletion was asked for, with a pod and a secret that container hooks left. */
    const sentOnDeletion = (runner: object, options: Parameters<typeof aRig>[1] = {}) => {
      const { clock, rig, sent, act } = aRig(mode, options);
      const labels = { 'runner-pod': 'job1' };
      for (const name of ['hook-1', 'hook-2']) act(createRequest(Pods, inRunnerNamespace(aPod({ name, labels }))));
      act(createRequest(Secrets, inRunnerNamespace(aSecret({ name: 'hook-secret', labels }))));
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, runner))));
      rig.start();
      clock.run();
      sent.length = 0;
      const askedUs = clock.nowUs();
      act(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'job1'));
      clock.run(askedUs + 60_000_000);
      return { rig, sent, askedUs };
    };

    it('what container hooks left goes at once, pods before secrets, where the runner has a variable for hooks', () => {
      const { rig, sent, askedUs } = sentOnDeletion(withHooks);
      assert.deepEqual(sent.flatMap(({ what }) => (/^delete|^list/.test(what) ? [what] : [])).slice(0, 6), [
        'delete pods job1',
        'delete secrets job1',
        'delete pods hook-1',
        'delete pods hook-2',
        'list secrets runner-pod=job1',
        'delete secrets hook-secret',
      ]);
      assert.equal(rig.cluster.api.store.of(EphemeralRunners).size, 0, 'the runner is gone');
      const lastUs = (sent.at(-1)?.atUs ?? Infinity) - askedUs;
      assert.ok(lastUs < 1_000_000, `it took ${lastUs / 1e6} s`);
    });

    it('what container hooks left stays where the runner has no variable for hooks', () => {
      const { rig, sent } = sentOnDeletion(spec);
      assert.deepEqual(
        sent.map(({ what }) => what).filter((what) => what.includes('hook') || what.startsWith('list')),
        [],
      );
      assert.equal(rig.cluster.api.store.of(EphemeralRunners).size, 0, 'the runner is gone');
    });

    it('a hook pod that cannot be deleted keeps no other pod and no secret from it, and is tried again', () => {
      let refusals = 1;
      const { rig } = sentOnDeletion(withHooks, {
        wrapCluster: (cluster) => ({
          watch: (resource, namespace, handler) => cluster.watch(resource, namespace, handler),
          send: (request, done) => {
            if (request.verb !== 'delete' || request.name !== 'hook-1' || refusals-- <= 0) cluster.send(request, done);
            else done(new ApiError(500, 'InternalError', 'no room for it'));
          },
        }),
      });
      const errors = [...rig.trace.passes()].flatMap(({ error }) => error ?? []);
      assert.deepEqual(errors, ['failed to delete a runner-linked pod: no room for it']);
      const left = [Pods, Secrets].flatMap((resource) =>
        [...rig.cluster.api.store.of(resource).entries()].map(({ object }) => object.metadata.name),
      );
      assert.deepEqual(left, ['github-config'], 'all that hooks left is gone');
      assert.equal(rig.cluster.api.store.of(EphemeralRunners).size, 0, 'the runner is gone');
    });

    it('a pod that a node still ends is not waited for: the runner is gone before it', () => {
      const nodeSpec = { containers: [{ name: 'runner', image: 'x' }], nodeName: 'node1' };
      const { rig } = sentOnDeletion({ ...spec, spec: nodeSpec });
      assert.equal(rig.cluster.api.store.of(EphemeralRunners).size, 0, 'the runner is gone');
      const pod = rig.cluster.api.store.of(Pods).find(LAB_NAMESPACE, 'job1');
      assert.notEqual(pod?.object.metadata.deletionTimestamp, undefined, 'its pod is still ending');
    });

    it('a runner whose job still runs is asked for again after 30 s, and nothing of it is touched meanwhile', () => {
      const stillRunning = {
        status: 400,
        body: { typeName: 'GitHub.DistributedTask.WebApi.JobStillRunningException, GitHub', message: 'busy' },
      };
      const { rig, sent, askedUs } = sentOnDeletion(spec, { actions: { script: { 'delete-runner': [stillRunning] } } });
      const first = sent.find(({ what }) => /^(delete|patch)/.test(what));
      const afterUs = (first?.atUs ?? 0) - askedUs;
      assert.ok(afterUs > 30_000_000 && afterUs < 30_500_000, `the next try came after ${afterUs / 1e6} s`);
      assert.equal(rig.cluster.api.store.of(EphemeralRunners).size, 0, 'the runner is gone');
    });
  });
}

for (const mode of RELEASES.ids) {
  describe(`in ${mode} mode`, () => {
    it('a failed pod that its node still ends is deleted once, and its failure counted once: a second patch is empty, or waits for the back-off', () => {
      const { clock, rig, sent, act } = aRig(mode);
      const nodeSpec = { containers: [{ name: 'runner', image: 'x' }], nodeName: 'node1' };
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, { ...spec, spec: nodeSpec }))));
      rig.start();
      clock.run();
      sent.length = 0;
      const state = { name: 'runner', state: { terminated: { exitCode: 1 } } };
      act(patchRequest(Pods, LAB_NAMESPACE, 'job1', { status: { containerStatuses: [state] } }, 'status'));
      clock.run(clock.nowUs() + 2_000_000);
      assert.deepEqual(
        sent.filter(({ what }) => what.includes('pods')).map(({ what }) => what),
        ['delete pods job1'],
      );
      const [counted, ...again] = sent.filter(({ what }) => what === 'patch ephemeralrunners/status job1');
      const uid = (act(getRequest(Pods, LAB_NAMESPACE, 'job1')) as ApiObject).metadata.uid ?? '';
      if (RELEASES.get(mode).switches.has(4059)) {
        assert.deepEqual(counted?.body, { status: { failures: { [uid]: '2026-01-01T00:00:00Z' } } });
        assert.deepEqual(again, [], 'during the back-off the pod is not looked at');
        return;
      }
      assert.deepEqual(counted?.body, { status: { failures: { [uid]: true } } });
      assert.ok(again.length > 0, 'the event of the deletion makes a pass');
      assert.deepEqual(again.at(-1)?.body, {}, 'nothing is left to say');
    });

    it('a pod with the name of the runner is taken for its own, whatever its owner, and waits for ever', () => {
      const { clock, rig, sent, act } = aRig(mode);
      act(createRequest(Pods, inRunnerNamespace(aPod({}, { containers: [{ name: 'other', image: 'x' }] }))));
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, spec))));
      rig.start();
      clock.run();
      assert.ok(!sent.some(({ what }) => what.startsWith('create pods')));
      assert.equal([...rig.trace.passes()].at(-1)?.result, 'done');
    });

    it('the working directory, proxies with credentials and the certificate authority reach the service', () => {
      const { clock, rig, sent, http, act } = aRig(mode);
      const base64 = (text: string): string => Buffer.from(text).toString('base64');
      act(
        createRequest(
          Secrets,
          inRunnerNamespace(aSecret({ name: 'proxy' }, { username: base64('u'), password: base64('p@ss') })),
        ),
      );
      const data = { 'ca.crt': 'CERTIFICATE' };
      act(
        createRequest(
          ConfigMaps,
          inRunnerNamespace({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ca' }, data } as never),
        ),
      );
      const proxy = { url: 'http://proxy.corp:3128', credentialSecretRef: 'proxy' };
      const runner = aRunner(
        {},
        {
          ...spec,
          proxy: { http: proxy, https: proxy, noProxy: ['internal'] },
          proxySecretRef: 'runner-proxy',
          githubServerTLS: { certificateFrom: { configMapKeyRef: { name: 'ca', key: 'ca.crt' } } },
          spec: { containers: [{ name: 'runner', image: 'x', workingDir: '/work' }] },
        },
      );
      act(createRequest(EphemeralRunners, inRunnerNamespace(runner)));
      rig.start();
      clock.run();
      const reads = sent
        .map(({ what }) => what)
        .filter((what) => /^get (secrets (github-config|proxy)|configmaps)/.test(what));
      assert.deepEqual(reads, [
        'get secrets github-config',
        'get secrets proxy',
        'get secrets proxy',
        'get configmaps ca',
      ]);
      const jit = http.find(({ url }) => url.includes('generatejitconfig'));
      assert.deepEqual(JSON.parse(jit?.body ?? ''), { name: 'job1', workFolder: '/work' });
      assert.deepEqual(jit?.route, {
        httpProxy: 'http://u:p%40ss@proxy.corp:3128/',
        httpsProxy: 'http://u:p%40ss@proxy.corp:3128/',
        noProxy: ['internal'],
        certificateAuthorities: 'CERTIFICATE',
      });
    });

    it('a service that cannot be reached holds the worker for 15 s of retries and then fails the pass', () => {
      const unreachable = new HttpTransportError('no answer from actions.lab.invalid: ECONNREFUSED');
      const { clock, rig, act } = aRig(mode, { wrapHttp: () => ({ send: (_request, done) => done(unreachable) }) });
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({}, spec))));
      rig.start();
      clock.run(20_000_000);
      const failed = [...rig.trace.passes()].find(({ result }) => result === 'error');
      assert.match(
        failed?.error ?? '',
        /registration-token failed 5 times, last with: no answer from actions\.lab\.invalid/,
      );
      assert.ok((failed?.ended ?? 0) - (failed?.started ?? 0) > 15_000_000);
      rig.dispose();
    });

    it('a runner whose deletion was asked for before it had a finalizer is left alone', () => {
      const { clock, rig, sent, act } = aRig(mode);
      act(createRequest(EphemeralRunners, inRunnerNamespace(aRunner({ finalizers: ['someone/else'] }, spec))));
      act(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'job1'));
      rig.start();
      clock.run();
      assert.deepEqual(sent, []);
      const { object } = [...rig.cluster.api.store.of(EphemeralRunners).entries()][0] ?? {};
      assert.deepEqual((object as EphemeralRunner).metadata.finalizers, ['someone/else']);
    });
  });
}

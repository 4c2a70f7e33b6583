import assert from 'node:assert/strict';
import { jitSecretFor, podFor } from '../../../src/reconciler/objects.ts';
import { aRunner } from '../../builders/objects.ts';

const PROXY = { http: { url: 'http://proxy:1' }, https: { url: 'http://proxy:2' }, noProxy: ['internal'] };

describe('the pod made for a runner', () => {
  it("carries the runner's labels, overridden by its template's, and the two of the controller", () => {
    const runner = aRunner(
      { labels: { team: 'a', tier: 'x', 'runner-template-hash': 'h' }, annotations: { note: 'n' } },
      { metadata: { labels: { team: 'b' }, annotations: { more: 'm' } } },
    );
    const { labels, annotations } = podFor(runner).metadata;
    const { 'pod-template-hash': hash, ...others } = labels ?? {};
    assert.deepEqual(others, { team: 'b', tier: 'x', 'runner-template-hash': 'h', 'actions-ephemeral-runner': 'True' });
    assert.match(hash ?? '', /^[a-z]+$/);
    assert.deepEqual(annotations, { note: 'n', more: 'm' });
  });

  it('hashes its template but not the template hash that it passes on', () => {
    const hash = (runnerHash: string, image: string): string | undefined =>
      podFor(
        aRunner(
          { labels: { 'runner-template-hash': runnerHash } },
          { spec: { containers: [{ name: 'runner', image }] } },
        ),
      ).metadata.labels?.['pod-template-hash'];
    assert.equal(hash('one', 'a'), hash('two', 'a'));
    assert.notEqual(hash('one', 'a'), hash('one', 'b'));
  });

  it("gives the runner's container its JIT config after its own environment, and sidecars nothing", () => {
    const own = { name: 'MINE', value: '1' };
    const pod = podFor(
      aRunner(
        {},
        {
          spec: {
            containers: [
              { name: 'sidecar', image: 's' },
              { name: 'runner', image: 'r', env: [own] },
            ],
          },
        },
      ),
    );
    assert.deepEqual(pod.spec.containers[0], { name: 'sidecar', image: 's' });
    assert.deepEqual(pod.spec.containers[1]?.env, [
      own,
      { name: 'ACTIONS_RUNNER_INPUT_JITCONFIG', valueFrom: { secretKeyRef: { name: 'job1', key: 'jitToken' } } },
      { name: 'GITHUB_ACTIONS_RUNNER_EXTRA_USER_AGENT', value: 'actions-runner-controller/NA' },
    ]);
  });

  it('takes proxy settings from the proxy secret, each only if the runner has that part', () => {
    const names = (proxy: object): string[] =>
      (podFor(aRunner({}, { proxySecretRef: 'proxy', proxy })).spec.containers[0]?.env ?? [])
        .slice(2)
        .map(({ name }) => name);
    assert.deepEqual(names(PROXY), ['http_proxy', 'https_proxy', 'no_proxy']);
    assert.deepEqual(names({ https: PROXY.https, noProxy: [] }), ['https_proxy']);
    assert.deepEqual(
      podFor(aRunner({}, { proxy: PROXY })).spec.containers[0]?.env?.length,
      2,
      'without a proxy secret',
    );
  });

  it('is owned by its runner, as is the secret with the JIT config', () => {
    const runner = { ...aRunner({ uid: 'u' }), status: { runnerJITConfig: 'config' } };
    const owner = [
      {
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        name: 'job1',
        uid: 'u',
        controller: true,
        blockOwnerDeletion: true,
      },
    ];
    assert.deepEqual(podFor(runner).metadata.ownerReferences, owner);
    assert.deepEqual(jitSecretFor(runner), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'job1', namespace: 'arc', ownerReferences: owner },
      data: { jitToken: Buffer.from('config').toString('base64') },
    });
  });
});

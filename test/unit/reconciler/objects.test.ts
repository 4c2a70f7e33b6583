import assert from 'node:assert/strict';
import { jitSecretFor, podFor, registrationSecretFor } from '../../../src/reconciler/objects.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import type { EphemeralRunner, Pod } from '../../../src/kubernetes/types.ts';
import { aRunner } from '../../builders/objects.ts';

const PROXY = { http: { url: 'http://proxy:1' }, https: { url: 'http://proxy:2' }, noProxy: ['internal'] };

function podOf(runner: EphemeralRunner): Pod {
  return podFor(runner, RELEASES.default.switches);
}

describe('the pod made for a runner', () => {
  it('tells the runner to end with 7 when its version is outdated, from pull request 4404 on', () => {
    for (const { id, switches } of RELEASES.all) {
      const [runner] = podFor(aRunner(), switches).spec.containers;
      const value = runner?.env?.find(({ name }) => name === 'ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE');
      assert.equal(value?.value, switches.has(4404) ? '1' : undefined, id);
    }
  });

  it("carries the runner's labels, overridden by its template's, and the two of the controller", () => {
    const runner = aRunner(
      { labels: { team: 'a', tier: 'x', 'runner-template-hash': 'h' }, annotations: { note: 'n' } },
      { metadata: { labels: { team: 'b' }, annotations: { more: 'm' } } },
    );
    const { labels, annotations } = podOf(runner).metadata;
    const { 'pod-template-hash': hash, ...others } = labels ?? {};
    assert.deepEqual(others, { team: 'b', tier: 'x', 'runner-template-hash': 'h', 'actions-ephemeral-runner': 'True' });
    assert.match(hash ?? '', /^[b-df-hj-np-tv-xz2-9]+$/);
    assert.deepEqual(annotations, { note: 'n', more: 'm' });
  });

  it('hashes its template but not the template hash that it passes on', () => {
    const hash = (runnerHash: string, image: string): string | undefined =>
      podOf(
        aRunner(
          { labels: { 'runner-template-hash': runnerHash } },
          { spec: { containers: [{ name: 'runner', image }] } },
        ),
      ).metadata.labels?.['pod-template-hash'];
    assert.equal(hash('one', 'a'), hash('two', 'a'));
    assert.notEqual(hash('one', 'a'), hash('one', 'b'));
  });

  it('hashes all that it is made from, also where runners share a template in memory', () => {
    const one = aRunner({ labels: { team: 'a' } }, { spec: { containers: [{ name: 'runner', image: 'one' }] } });
    const changes: EphemeralRunner[] = [
      { ...one, metadata: { ...one.metadata, labels: { team: 'b' } } },
      { ...one, spec: { ...one.spec, proxySecretRef: 'proxy' } },
      { ...one, spec: { ...one.spec, metadata: { annotations: { note: 'n' } } } },
    ];
    const hash = (runner: EphemeralRunner): string | undefined => podOf(runner).metadata.labels?.['pod-template-hash'];
    const first = hash(one);
    for (const other of changes) {
      assert.equal(other.spec.spec, one.spec.spec, 'the template is one object');
      assert.notEqual(hash(other), first, JSON.stringify(other));
      assert.equal(hash(structuredClone(other)), hash(other), 'a copy has another hash');
    }
    assert.equal(hash(one), first);
  });

  it("gives the runner's container its JIT config after its own environment, and sidecars nothing", () => {
    const own = { name: 'MINE', value: '1' };
    const pod = podOf(
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
      (podOf(aRunner({}, { proxySecretRef: 'proxy', proxy })).spec.containers[0]?.env ?? [])
        .slice(2)
        .map(({ name }) => name);
    assert.deepEqual(names(PROXY), ['http_proxy', 'https_proxy', 'no_proxy']);
    assert.deepEqual(names({ https: PROXY.https, noProxy: [] }), ['https_proxy']);
    assert.deepEqual(podOf(aRunner({}, { proxy: PROXY })).spec.containers[0]?.env?.length, 2, 'without a proxy secret');
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
    assert.deepEqual(podOf(runner).metadata.ownerReferences, owner);
    assert.deepEqual(jitSecretFor(runner), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'job1', namespace: 'arc', ownerReferences: owner },
      data: { jitToken: Buffer.from('config').toString('base64') },
    });
  });
});

describe('the secret that holds a registration', () => {
  const { switches } = RELEASES.get('latest');
  const given = { runner: { id: 7, name: 'job1', runnerScaleSetId: 3 }, encodedJITConfig: 'jit' };
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();

  it('has all that the service gave, as text', () => {
    const { data = {} } = registrationSecretFor(aRunner(), given, switches);
    const texts = Object.entries(data).map(([key, value]) => [key, text(value)]);
    assert.deepEqual(Object.fromEntries(texts), {
      jitToken: 'jit',
      runnerName: 'job1',
      runnerId: '7',
      scaleSetId: '3',
    });
  });

  it('has labels and annotations where the runner names some for it, from pull request 4400 on, and none of the runner itself', () => {
    const bare = registrationSecretFor(aRunner({ labels: { team: 'a' } }), given, switches).metadata;
    assert.equal(bare.labels, undefined);
    const metadata = { labels: { tier: 'x' }, annotations: { note: 'n' } };
    const runner = aRunner({}, { ephemeralRunnerConfigSecretMetadata: metadata });
    const named = registrationSecretFor(runner, given, switches).metadata;
    assert.deepEqual([named.labels, named.annotations], [metadata.labels, metadata.annotations]);
    const before = RELEASES.get('0.13.1').switches;
    assert.equal(registrationSecretFor(runner, given, before).metadata.labels, undefined);
  });
});

import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';

type Hard = Readonly<Record<string, string>>;

function quota(hard: Hard, used: Hard | undefined, namespace = 'ci'): unknown {
  const status = used === undefined ? {} : { status: { hard, used } };
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace }, spec: { hard }, ...status };
}

function runner(name: string, status: unknown = { runnerId: 7 }, resources: unknown = {}): unknown {
  return {
    ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner' },
    metadata: { name, namespace: 'ci', creationTimestamp: '2026-03-02T12:00:00Z' },
    ...{ spec: { spec: { containers: [{ name: 'runner', resources }] } }, status },
  };
}

async function sentences(...items: readonly unknown[]): Promise<readonly string[]> {
  const { findings } = await explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return findings.flatMap(({ id, sentence }) => (id === 'quota-full' ? [sentence] : []));
}

describe('a quota beside a runner without a pod', () => {
  const requests = { requests: { cpu: '900m', memory: '2Gi' } };
  const full: [what: string, hard: Hard, used: Hard, resources: unknown, sum: RegExp][] = [
    ['pods', { pods: '1' }, { pods: '1' }, {}, /pods: used 1 \+ requested 1 > 1\.$/],
    ['counted objects', { 'count/pods': '3' }, { 'count/pods': '3' }, {}, /count\/pods: used 3 \+ requested 1 > 3\.$/],
    [
      'processor time',
      { 'requests.cpu': '1' },
      { 'requests.cpu': '500m' },
      requests,
      /requests\.cpu: used 500m \+ requested 0\.9 > 1\.$/,
    ],
    ['memory', { memory: '4Gi' }, { memory: '3Gi' }, requests, /memory: used 3Gi \+ requested 2Gi > 4Gi\.$/],
  ];
  for (const [what, hard, used, resources, sum] of full) {
    it(`is named with its arithmetic where it has no room: ${what}`, async () => {
      const [sentence = ''] = await sentences(quota(hard, used), runner('lark-1', { runnerId: 7 }, resources));
      assert.match(sentence, /^Quota q has no room for the pod of lark-1: /);
      assert.match(sentence, sum);
    });
  }

  it('is named once for several runners', async () => {
    const both = [runner('lark-1'), runner('lark-2', {})];
    assert.match(
      (await sentences(quota({ pods: '1' }, { pods: '1' }), ...both))[0] ?? '',
      /no room for the pods of 2 runners/,
    );
  });

  it('is not named with room, without what is used, in another namespace, or for runners that need no pod', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lark-1', namespace: 'ci' }, status: {} };
    const one = quota({ pods: '1' }, { pods: '1' });
    for (const items of [
      [quota({ pods: '2' }, { pods: '1' }), runner('lark-1')],
      [quota({ 'requests.cpu': '2' }, { 'requests.cpu': '1' }), runner('lark-1', {}, requests)],
      [quota({ pods: '1' }, undefined), runner('lark-1')],
      [quota({ pods: '1' }, { pods: '1' }, 'other'), runner('lark-1')],
      [one, runner('lark-1'), pod],
      [one, runner('lark-1', { phase: 'Succeeded' })],
      [one, runner('lark-1', { phase: 'Pending' })],
    ]) {
      assert.deepEqual(await sentences(...items), [], JSON.stringify(items));
    }
  });

  it('is read from objects whose spec was cut out', async () => {
    const cut = { ...(runner('lark-1') as object), spec: undefined };
    assert.equal((await sentences(quota({ pods: '1' }, { pods: '1' }), cut)).length, 1);
  });
});

describe('objects alone', () => {
  it('say nothing of calls to the service that no line shows', async () => {
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', status: { phase: 'Running' } },
      metadata: { name: 'lark-1', namespace: 'ci', creationTimestamp: '2026-03-02T12:00:20Z' },
    };
    const items = [runner('lark-1', { phase: 'Running' }), pod];
    const { findings } = await explainText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    assert.deepEqual(
      findings.filter(({ burst }) => burst !== undefined),
      [],
    );
  });
});

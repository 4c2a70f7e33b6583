import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PodReader } from '../../../src/kubernetes/remote/lazy-pod.ts';
import { withoutCredentials } from '../../../src/model/without-credentials.ts';
import type { Pod } from '../../../src/kubernetes/types.ts';

/** Texts that look like what is searched for. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ',"spec":{',
    ',"resourceVersion":"',
    ',"status":{',
    ',"managedFields":[',
    '"},"spec":{',
    '\\",\\"status\\":{',
    '}}',
    '{"kind":"Pod"',
  ),
);
const values = fc.dictionary(hostile, hostile, { maxKeys: 4 });

const metadata = fc.record({
  name: hostile,
  namespace: hostile,
  uid: fc.constantFrom('1', '2'),
  resourceVersion: fc.nat().map(String),
  labels: values,
  annotations: values,
});
const spec = fc.record({
  containers: fc.array(fc.record({ name: hostile, env: fc.array(fc.record({ name: hostile, value: hostile })) })),
  volumes: fc.array(fc.constant({ name: 'x', ephemeral: { volumeClaimTemplate: { metadata: {}, spec: {} } } })),
});
const status = fc.record({
  phase: hostile,
  message: hostile,
  conditions: fc.array(fc.record({ type: hostile, status: hostile })),
});
const pods = fc.record({ metadata, spec, status });

/** As Go's encoder writes a pod, managed fields last in its metadata. */
function encoded({ metadata, spec, status }: object & Record<string, object>, managed: boolean): string {
  const fields = managed
    ? { ...metadata, managedFields: [{ manager: 'x', fieldsV1: { 'f:spec': {}, 'f:status': {} } }] }
    : metadata;
  return JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata: fields, spec, status });
}

const EVENT = '{"type":"MODIFIED","object":';

function read(reader: PodReader, text: string): Pod | undefined {
  return reader.read(Buffer.from(`${EVENT}${text}}`), EVENT.length, 1);
}

function copy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('pods that are read when somebody looks', () => {
  it('are what parsing the whole gives, less the managed fields, whatever their texts hold', () => {
    fc.assert(
      fc.property(pods, fc.boolean(), (pod, managed) => {
        const lazy = read(new PodReader(), encoded(pod, managed));
        assert.ok(lazy !== undefined);
        const plain = copy({ apiVersion: 'v1', kind: 'Pod', ...pod });
        assert.deepEqual(copy(lazy), plain);
        assert.deepEqual(withoutCredentials(lazy), plain, 'manifests show everything');
        const ofList = new PodReader().readItem(JSON.parse(encoded(pod, managed)) as Pod);
        assert.deepEqual(copy(ofList), plain);
      }),
    );
  });

  it('are so after any states that a pod had before, and each stays as it was', () => {
    const [one, other] = [fc.sample(pods, { numRuns: 1, seed: 7 })[0], fc.sample(pods, { numRuns: 1, seed: 8 })[0]];
    const parts = fc.record({
      metadata: fc.oneof(metadata, fc.constantFrom(one?.metadata, other?.metadata)),
      version: fc.nat(12).map(String),
      spec: fc.oneof(spec, fc.constantFrom(one?.spec, other?.spec)),
      status: fc.oneof(status, fc.constantFrom(one?.status, other?.status)),
      managed: fc.boolean(),
      isItem: fc.boolean(),
      goes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(parts, { minLength: 2, maxLength: 12 }), (states) => {
        const reader = new PodReader();
        const lazy = states.map((state) => {
          const text = encoded(
            { ...state, metadata: { ...state.metadata, resourceVersion: state.version } } as never,
            state.managed,
          );
          const pod = state.isItem ? reader.readItem(JSON.parse(text) as Pod) : read(reader, text);
          assert.ok(pod !== undefined);
          if (state.goes) reader.forget(pod);
          return pod;
        });
        for (const [index, state] of states.entries()) {
          const { spec, status, version } = state;
          const metadata = { ...state.metadata, resourceVersion: version };
          assert.deepEqual(copy(lazy[index]), copy({ apiVersion: 'v1', kind: 'Pod', metadata, spec, status }));
        }
      }),
    );
  });

  it('share with the state before what did not change, until they are forgotten', () => {
    const reader = new PodReader();
    const state = (resourceVersion: string, image: string): string =>
      encoded(
        {
          metadata: { name: 'a', namespace: 'b', uid: 'c', resourceVersion, ownerReferences: [] },
          spec: { containers: [{ image }] },
          status: { phase: resourceVersion },
        },
        true,
      );
    const [first, second, third] = ['1', '2', '30'].map((version) => read(reader, state(version, 'x'))) as Pod[];
    assert.equal(second?.metadata.ownerReferences, first?.metadata.ownerReferences);
    assert.equal(third?.spec, first?.spec);
    assert.deepEqual(
      [first, second, third].map((pod) => pod?.status?.phase),
      ['1', '2', '30'],
    );
    const changed = read(reader, state('31', 'yy'));
    assert.equal(changed?.spec.containers[0]?.image, 'yy');
    reader.forget(changed);
    const again = read(reader, state('31', 'yy'));
    assert.notEqual(again?.spec, changed?.spec, 'what was kept of a pod that is gone is gone too');
    reader.clear();
    assert.notEqual(read(reader, state('31', 'yy'))?.spec, again?.spec, 'a new list begins with nothing');
  });

  it('are not made of what has another form', () => {
    const metadata = { name: 'a', resourceVersion: '1' };
    for (const object of [
      { kind: 'Secret' },
      { kind: 'Pod', apiVersion: 'v1', metadata: {}, status: {}, spec: {} },
      { kind: 'Pod', apiVersion: 'v1', metadata, status: {}, spec: {} },
      { kind: 'Pod', apiVersion: 'v1', metadata, spec: {} },
      {
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { name: 'a', labels: { x: '', resourceVersion: '1' } },
        spec: {},
        status: {},
      },
      [],
    ]) {
      assert.equal(read(new PodReader(), JSON.stringify(object)), undefined, JSON.stringify(object));
    }
  });
});

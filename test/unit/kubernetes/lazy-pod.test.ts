import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lazyPod, lazyPodOf } from '../../../src/kubernetes/remote/lazy-pod.ts';
import type { Pod } from '../../../src/kubernetes/types.ts';

/** Texts that look like what is searched for. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ',"spec":{',
    ',"status":{',
    ',"managedFields":[',
    '"},"spec":{',
    '\\",\\"status\\":{',
    '}}',
    '{"kind":"Pod"',
  ),
);
const values = fc.dictionary(hostile, hostile, { maxKeys: 4 });

const pods = fc.record({
  metadata: fc.record({ name: hostile, namespace: hostile, labels: values, annotations: values }),
  spec: fc.record({
    containers: fc.array(fc.record({ name: hostile, env: fc.array(fc.record({ name: hostile, value: hostile })) })),
  }),
  status: fc.record({
    phase: hostile,
    message: hostile,
    conditions: fc.array(fc.record({ type: hostile, status: hostile })),
  }),
});

/** As Go's encoder writes a pod, managed fields last in its metadata. */
function encoded({ metadata, spec, status }: object & Record<string, object>, managed: boolean): string {
  const fields = managed
    ? { ...metadata, managedFields: [{ manager: 'x', fieldsV1: { 'f:spec': {}, 'f:status': {} } }] }
    : metadata;
  return JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata: fields, spec, status });
}

describe('pods that are read when somebody looks', () => {
  it('are what parsing the whole gives, less the managed fields, whatever their texts hold', () => {
    fc.assert(
      fc.property(pods, fc.boolean(), (pod, managed) => {
        const text = `{"type":"ADDED","object":${encoded(pod, managed)}}`;
        const lazy = lazyPod(Buffer.from(text), '{"type":"ADDED","object":'.length, 1);
        assert.ok(lazy !== undefined);
        const plain = JSON.parse(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...pod })) as unknown;
        assert.deepEqual(JSON.parse(JSON.stringify(lazy)), plain);
        assert.deepEqual(JSON.parse(JSON.stringify({ ...lazy })), plain, 'copies have everything too');
        assert.deepEqual(
          JSON.parse(JSON.stringify(lazyPodOf(JSON.parse(encoded(pod as never, managed)) as Pod))),
          plain,
        );
      }),
    );
  });

  it('are not made of what has another form', () => {
    for (const object of [
      { kind: 'Secret' },
      { kind: 'Pod', apiVersion: 'v1', metadata: {}, status: {}, spec: {} },
      [],
    ]) {
      assert.equal(lazyPod(Buffer.from(JSON.stringify(object)), 0, 0), undefined);
    }
  });
});

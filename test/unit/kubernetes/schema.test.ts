import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decode, DecodeError, unknownFields } from '../../../src/kubernetes/embedded/schema/decode.ts';
import { canonicalQuantity, quantityValue } from '../../../src/kubernetes/embedded/schema/quantity.ts';
import { decodeProtobuf } from '../../../src/kubernetes/embedded/schema/protobuf.ts';
import { messageType } from '../../../src/kubernetes/embedded/schema/schema.ts';
import { TYPES } from '../../../src/kubernetes/embedded/schema/types.ts';

describe('quantities', () => {
  const cases: [given: string, canonical: string | undefined][] = [
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['1500k', '1500k'],
    ['1000k', '1M'],
    ['2e3', '2e3'],
    ['0', '0'],
    ['-1', '-1'],
    ['0.0000000001', '1n'],
    ['much', undefined],
    ['', undefined],
    ['1 Gi', undefined],
  ];
  for (const [given, canonical] of cases) {
    it(`${JSON.stringify(given)} is written ${String(canonical)}`, () =>
      assert.equal(canonicalQuantity(given), canonical));
  }

  it('keep their value and their form when they are written again', () => {
    const suffix = fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi');
    fc.assert(
      fc.property(fc.nat(1_000_000), suffix, (amount, unit) => {
        const once = canonicalQuantity(`${amount}${unit}`);
        assert.ok(once !== undefined);
        assert.equal(canonicalQuantity(once), once);
        assert.equal(quantityValue(once), quantityValue(`${amount}${unit}`));
      }),
    );
  });
});

describe('the table of types', () => {
  it('can be read whole, and every type that a field names is in it', () => {
    for (const name of Object.keys(TYPES)) {
      for (const field of messageType(name).byName.values()) assert.ok(field.number > 0, `${name}.${field.name}`);
    }
  });

  it('decodes what was decoded to the same: the canonical form is one', () => {
    const pod = {
      metadata: { name: 'one', labels: { b: '2', a: '1' } },
      spec: { containers: [{ name: 'c', resources: { limits: { memory: '1024Mi' } }, ports: [] }], volumes: null },
    };
    const once = decode('Pod', pod);
    assert.deepEqual(decode('Pod', once), once);
    assert.deepEqual((once['spec'] as { containers: unknown }).containers, [
      { name: 'c', resources: { limits: { memory: '1Gi' } } },
    ]);
  });

  it('names unknown fields by their paths, and type errors by their fields', () => {
    assert.deepEqual(unknownFields('Pod', { spec: { containers: [{ imag: 1 }] }, foo: 1 }), [
      'spec.containers[0].imag',
      'foo',
    ]);
    assert.throws(() => decode('Pod', { spec: { priority: 'high' } }), DecodeError);
    assert.throws(
      () => decode('Pod', { spec: { containers: [{ tty: 'yes' }] } }),
      /cannot unmarshal string into Go struct field Container\.spec\.containers\.tty of type bool/,
    );
  });

  it('keeps keys that JavaScript objects treat apart', () => {
    const { data } = decode('ConfigMap', JSON.parse('{"data":{"__proto__":"x","constructor":"y"}}') as never);
    assert.deepEqual(Object.keys(data as object).sort(), ['__proto__', 'constructor']);
  });
});

describe('protobuf bodies', () => {
  it('that are invalid are refused with a sentence', () => {
    for (const body of [Buffer.from(''), Buffer.from('{}'), Buffer.from('k8s\0\xff\xff', 'latin1')]) {
      assert.throws(() => decodeProtobuf(body), Error);
    }
  });
});

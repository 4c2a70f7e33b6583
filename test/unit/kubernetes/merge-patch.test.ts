import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyMergePatch, createMergePatch, deepEqual } from '../../../src/kubernetes/merge-patch.ts';
import { deepFreeze } from '../../builders/objects.ts';

/** RFC 7386, section 2, as it is written there. */
function mergePatchOfTheRfc(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatchOfTheRfc(result[name], value);
  }
  return result;
}

const key = fc.constantFrom('a', 'b', 'c', 'toString');
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 'x', 'y'),
    fc.array(tie('json'), { maxLength: 2 }),
    fc.dictionary(key, tie('json'), { maxKeys: 3 }),
  ),
}));
const object = fc.dictionary(key, json, { maxKeys: 4 });

describe('merge patch', () => {
  it('agrees with the algorithm of RFC 7386 and changes neither target nor patch', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        assert.deepEqual(
          plain(applyMergePatch(deepFreeze(target), deepFreeze(patch))),
          plain(mergePatchOfTheRfc(target, patch)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the target itself when nothing changes', () => {
    const target = { a: { b: [1, 2], c: 'x' }, d: null };
    assert.equal(applyMergePatch(target, { a: { b: [1, 2] }, e: null }), target);
  });

  it('made from two objects turns one into the other', () => {
    fc.assert(
      fc.property(withoutNulls(object), withoutNulls(object), (from, to) => {
        const patch = createMergePatch(from, to);
        assert.deepEqual(plain(patch === undefined ? from : applyMergePatch(from, patch)), plain(to));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds no field by the name of something that every object inherits', () => {
    const names = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty'];
    for (const name of names) {
      const fields = JSON.parse(`{"${name}":"own","a":1}`) as Record<string, unknown>;
      assert.equal(JSON.stringify(applyMergePatch({ a: 1 }, fields)), `{"a":1,"${name}":"own"}`);
      const patch = createMergePatch({ a: 1 }, fields);
      assert.equal(JSON.stringify(patch), `{"${name}":"own"}`);
      assert.equal(JSON.stringify(createMergePatch(fields, { a: 1 })), `{"${name}":null}`);
      assert.equal(createMergePatch(fields, JSON.parse(JSON.stringify(fields)) as typeof fields), undefined);
      assert.equal(deepEqual({ b: 1 }, fields) || deepEqual(fields, { a: 1 }) || deepEqual({ a: 1 }, fields), false);
      assert.equal(deepEqual(fields, JSON.parse(JSON.stringify(fields))), true);
    }
  });

  it('is not made from equal objects', () => {
    assert.equal(createMergePatch({ a: { b: 1 }, c: undefined }, { a: { b: 1 } }), undefined);
  });
});

/** A merge patch cannot set null, and neither can the API's optional fields hold it. */
function withoutNulls(arbitrary: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value ?? 0;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strip(inner)]));
  };
  return arbitrary.map((value) => strip(value) as Record<string, unknown>);
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

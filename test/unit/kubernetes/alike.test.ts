import assert from 'node:assert/strict';
import fc from 'fast-check';
import { copyOf } from '../../../src/base/copy.ts';
import { Alike, isKeptAlike, isSame } from '../../../src/kubernetes/embedded/alike.ts';
import { Recent } from '../../../src/kubernetes/embedded/recent.ts';

const key = fc.constantFrom('name', 'uid', 'image', 'a', 'b', '__proto__', 'constructor', 'toString', '0', '1');
const leaf = fc.oneof(
  fc.constantFrom('x', 'y', 'z', ''),
  fc.integer({ min: 0, max: 3 }),
  fc.boolean(),
  fc.constant(null),
);

/** Objects of JSON; many are built alike. */
const { json } = fc.letrec<{ json: unknown; object: unknown }>((tie) => ({
  json: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('json'), { maxLength: 3 }), tie('object')),
  object: fc
    .array(fc.tuple(key, tie('json')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as object),
}));
const object = fc
  .array(fc.tuple(key, json), { minLength: 1, maxLength: 4 })
  .map((all) => Object.fromEntries(all) as object);

/** The same object with other leaves here and there. */
function varied(value: unknown, next: () => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => varied(item, next));
  if (typeof value !== 'object' || value === null) return next();
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, varied(part, next)]));
}

describe('objects that are alike', () => {
  it('read, list, copy and write as the objects that were given', () => {
    let kept = 0;
    const leaves = fc.infiniteStream(leaf);
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 2 }), leaves, (forms, stream) => {
        const alike = new Alike();
        for (let round = 0; round < 20; round++) {
          for (const form of forms) {
            const given = varied(form, () => stream.next().value) as object;
            const text = JSON.stringify(given);
            const other = alike.kept(given);
            if (isKeptAlike(other)) kept++;
            assert.equal(JSON.stringify(other), text);
            assert.equal(JSON.stringify({ ...other }), text);
            assert.equal(JSON.stringify(copyOf(other)), text);
            assert.equal(JSON.stringify(structuredClone(other)), text);
            assert.deepStrictEqual(other, JSON.parse(text));
            assert.deepStrictEqual(Object.entries(other), Object.entries(JSON.parse(text) as object));
            assert.ok(isSame(other, given));
          }
        }
      }),
      { seed: 5, numRuns: 300 },
    );
    assert.ok(kept > 500, `only ${kept} objects were kept with others`);
  });

  it('keep what differs between two objects that are equal elsewhere', () => {
    const alike = new Alike();
    const pod = (name: string, ip: string) => ({ name, addresses: [{ ip }], env: [{ secret: name }], node: 'one' });
    alike.kept(pod('a', '1'));
    alike.kept(pod('b', '2'));
    const kept = alike.kept(pod('c', '3'));
    assert.ok(isKeptAlike(kept));
    assert.deepEqual(kept, pod('c', '3'));
    assert.equal(Object.getPrototypeOf(kept), Object.prototype);
    const elsewhere = { ...pod('d', '4'), node: 'two' };
    assert.equal(alike.kept(elsewhere), elsewhere);
    const third = { ...pod('e', '5'), env: [{ secret: 'of another' }] };
    assert.deepEqual(alike.kept(third), third);
  });

  it('are not made of objects with fields in another order, or of another length', () => {
    const alike = new Alike();
    alike.kept({ a: 1, b: [1, 2] });
    alike.kept({ a: 2, b: [1, 2] });
    for (const other of [{ b: [1, 2], a: 3 }, { a: 3, b: [1, 2, 3] }, { a: 3, b: { 0: 1, 1: 2 } }, { a: 3 }]) {
      assert.equal(alike.kept(other), other);
    }
  });

  it('share values that came lately and are equal', () => {
    const recent = new Recent();
    const first = { app: 'runner', tier: '1' };
    assert.equal(recent.one(first), first);
    assert.equal(recent.one({ ...first }), first);
    const turned = { tier: '1', app: 'runner' };
    assert.equal(recent.one(turned), turned, 'JSON of it is other');
    for (let index = 0; index < 16; index++) recent.one({ app: index });
    const again = { ...first };
    assert.equal(recent.one(again), again, 'what came long ago is let go of');
  });
});

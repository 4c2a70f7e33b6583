import assert from 'node:assert/strict';
import { copyOf, copyWith } from '../../../src/base/copy.ts';

describe('copies', () => {
  it('have other fields in the same order, and leave the original as it was', () => {
    const original = Object.freeze({ a: 1, b: 2, c: 3 });
    const copy = copyWith(original, { b: 'two', d: 4 });
    assert.equal(JSON.stringify(copy), '{"a":1,"b":"two","c":3,"d":4}');
    assert.equal(JSON.stringify(original), '{"a":1,"b":2,"c":3}');
  });

  it('of an object with the key `__proto__`, which JSON allows, have that as a field', () => {
    const hostile = JSON.parse('{"__proto__":{"isAdmin":true},"name":"x"}') as { name: string; isAdmin?: boolean };
    for (const copy of [copyOf(hostile), copyWith(hostile, { name: 'x' })]) {
      assert.equal(JSON.stringify(copy), JSON.stringify(hostile));
      assert.equal(copy.isAdmin, undefined, 'the copy inherits from what a client sent');
    }
  });
});

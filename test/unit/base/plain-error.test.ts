import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { PlainError } from '../../../src/base/plain-error.ts';

class Refusal extends PlainError {
  override readonly name = 'Refusal';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

describe('a plain error', () => {
  const error = new Refusal(404, 'not there');

  it('is an error like any other, of its own class', () => {
    assert.ok(error instanceof Error);
    assert.ok(error instanceof PlainError);
    assert.ok(error instanceof Refusal);
    assert.equal(String(error), 'Refusal: not there');
    assert.deepEqual([error.message, error.code], ['not there', 404]);
    assert.throws(() => {
      throw error;
    }, /^Refusal: not there$/);
    assert.match(inspect(error), /Refusal: not there/);
  });

  it('has no stack, and shows its message only where it is asked for', () => {
    assert.ok(!(error.stack ?? '').includes(' at '));
    assert.deepEqual(Object.keys(error), ['name', 'code']);
  });
});

import assert from 'node:assert/strict';
import { ExpressionError, parseCondition, parseExpression } from '../../../src/debug/expression.ts';

const context = { pass: { attempt: 1, name: 'runner-1' }, answer: { afterMs: 2.5 }, runner: { status: {} } };

describe('an expression of the debugger', () => {
  for (const [text, value] of [
    ['pass.attempt + 41', 42],
    ['41 + pass.attempt', 42],
    ['pass.attempt - 2', -1],
    ['10 / answer.afterMs', 4],
    ['answer.afterMs * 2', 5],
    ['(pass.attempt + 1) % 2', 0],
    ['pass.attempt == 1 && answer.afterMs > 2', true],
    ['runner.status.?runnerId.orValue("none")', 'none'],
  ] as const) {
    it(`calculates with whole numbers and fractions: ${text}`, () =>
      assert.equal(parseExpression(text)(context), value));
  }

  it('says in a sentence what is wrong with it, and a condition is then not met', () => {
    assert.throws(() => parseExpression('runner.'), ExpressionError);
    assert.throws(
      () => parseExpression('runner.status.runnerId')(context),
      /^ExpressionError: "runner\.status\.runnerId" has no value here: /,
    );
    assert.equal(parseCondition('runner.status.runnerId > 3')(context), false);
  });
});

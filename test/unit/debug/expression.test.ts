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

  for (const [text, sentence] of [
    ['runer.metadata.name == "a"', 'nothing is called runer; did you mean runner?'],
    ['stale && truth.runer != null', 'truth has no runer; did you mean runner?'],
    ['request.verbs == "get"', 'request has no verbs; did you mean verb?'],
    ['runner.staus.phase == "Running"', 'runner has no staus; did you mean status?'],
    ['size([pass.nme]) == 1', 'pass has no nme; did you mean name?'],
    ['runner.metadata.name.endWith("1")', 'no function is called endWith; did you mean endsWith?'],
  ] as const) {
    it(`refuses what is never there: ${text}`, () => {
      assert.throws(
        () => parseCondition(text),
        new ExpressionError(`${JSON.stringify(text)} can have no value: ${sentence}`),
      );
    });
  }

  it('leaves variables of its own to an expression', () => {
    const names = { runner: { metadata: { finalizers: ['a', 'b'] } } };
    assert.equal(parseCondition('runner.metadata.finalizers.exists(each, each == "b")')(names), true);
    assert.equal(parseCondition('has(runner.status) && runner.status.phase == "Running"')(names), false);
  });
});

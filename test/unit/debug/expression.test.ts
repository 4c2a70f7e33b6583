import assert from 'node:assert/strict';
import { LogPoint } from '../../../src/debug-adapter/log-point.ts';
import { Condition, ExpressionError, parseExpression } from '../../../src/debug/expression.ts';

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
    assert.equal(new Condition('runner.status.runnerId > 3').isMet(context), false);
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
        () => new Condition(text),
        new ExpressionError(`${JSON.stringify(text)} can have no value: ${sentence}`),
      );
    });
  }

  it('leaves variables of its own to an expression', () => {
    const names = { runner: { metadata: { finalizers: ['a', 'b'] } } };
    assert.equal(new Condition('runner.metadata.finalizers.exists(each, each == "b")').isMet(names), true);
    assert.equal(new Condition('has(runner.status) && runner.status.phase == "Running"').isMet(names), false);
  });

  for (const [text, value] of [
    ['[1, 2]', [1, 2]],
    ['[2u]', [2]],
    ['dyn([dyn(1), dyn("a")])', [1, 'a']],
    ['{"a": {"c": [2]}}', { a: { c: [2] } }],
    ['{1: "a"}', { 1: 'a' }],
    ['duration("1.5s")', '1.5s'],
    ['[timestamp("2026-01-01T00:00:00Z")]', ['2026-01-01T00:00:00.000Z']],
    ['b"abc"', 'abc'],
    ['optional.of([1])', [1]],
    ['optional.none()', undefined],
    ['size(runner)', 1],
  ] as const) {
    it(`gives values as JSON has them: ${text}`, () => {
      const found = parseExpression(text)(context);
      assert.deepEqual(found, value);
      assert.equal(JSON.stringify(found), JSON.stringify(value));
    });
  }

  it('is refused in a short sentence where it is too long', () => {
    for (const text of [
      `true${' && true'.repeat(5_000)}`,
      `${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
      'x'.repeat(9_000),
    ]) {
      assert.throws(
        () => parseExpression(text),
        (error) => error instanceof ExpressionError && error.message.length < 500 && !/stack/.test(error.message),
      );
    }
  });

  it('says of a condition that was never true or false why, and how often', () => {
    for (const [text, says] of [
      [
        'runner.metadata.name',
        /^A condition was asked twice and was never true or false: "runner\.metadata\.name" is neither true nor false here\.$/,
      ],
      [
        'runner.status.runnerId > 3',
        /^A condition was asked twice and was never true or false: .+ has no value here: No such key: runnerId$/,
      ],
    ] as const) {
      const names = { runner: { metadata: { name: 'a' }, status: {} } };
      const condition = new Condition(text);
      assert.equal(condition.whyUnclear(), undefined, 'not asked yet');
      assert.deepEqual([condition.isMet(names), condition.isMet(names)], [false, false]);
      assert.match(condition.whyUnclear() ?? '', says);
      assert.equal(condition.whyUnclear(), undefined, 'said before');
      condition.isMet(names);
      condition.isMet({ runner: { metadata: { name: true }, status: { runnerId: 1 } } });
      assert.equal(condition.whyUnclear(), undefined, 'it was clear once');
    }
  });
});

describe('a log point', () => {
  for (const [message, text] of [
    ['plain', 'plain'],
    ['{pass.name} at {pass.attempt}', 'runner-1 at 1'],
    ['{"a{b}c"} and {\'}\'}', 'a{b}c and }'],
    ['{ {"a": {"b": 1}} }', '{"a":{"b":1}}'],
    ['{[1,2]}', '[1,2]'],
    ['\\{x\\} {1}', '{x} 1'],
    ['a { b', 'a { b'],
    ['a } b', 'a } b'],
    ['{duration("90s")}', '90s'],
    ['{runner.status.runnerId}', '("runner.status.runnerId" has no value here: No such key: runnerId)'],
  ] as const) {
    it(`says ${message}`, () => assert.equal(new LogPoint(message).text(context), text));
  }

  for (const [message, says] of [
    ['{}', /^ExpressionError: Nothing is between the braces of "\{\}"\.$/],
    ['{ }', /Nothing is between the braces/],
    ['{{x}}', /"\{x\}" is no CEL expression/],
    ['{foo}', /nothing is called foo/],
  ] as const) {
    it(`refuses ${message}`, () => assert.throws(() => new LogPoint(message), says));
  }
});

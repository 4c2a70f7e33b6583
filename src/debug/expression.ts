import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { messageOf } from '../base/message.ts';
import { PlainError } from '../base/plain-error.ts';

/** An expression that cannot be read, or that asks for what is not there; the message is a sentence. */
export class ExpressionError extends PlainError {
  override readonly name = 'ExpressionError';
}

/** CEL, the language in which Kubernetes writes its own conditions. */
const environment = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });

// JavaScript does not tell 1 from 1.0: a number of a run is a fraction to CEL, and a typed 1 a whole number.
for (const [operator, reckon] of [
  ['+', (one: number, other: number) => one + other],
  ['-', (one: number, other: number) => one - other],
  ['*', (one: number, other: number) => one * other],
  ['/', (one: number, other: number) => one / other],
  ['%', (one: number, other: number) => one % other],
] as const) {
  for (const types of [`double ${operator} int`, `int ${operator} double`])
    environment.registerOperator(types, (one: number | bigint, other: number | bigint) =>
      reckon(Number(one), Number(other)),
    );
}

/** What an expression says of a moment. */
export type Expression = (context: Readonly<Record<string, unknown>>) => unknown;

/** @throws ExpressionError when the text is no expression; the expression throws it when it asks for what is not there */
export function parseExpression(text: string): Expression {
  let parsed: ParseResult;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    throw new ExpressionError(`${JSON.stringify(text)} is no CEL expression: ${firstLine(error)}`);
  }
  return (context) => {
    try {
      return plain(parsed(context));
    } catch (error) {
      throw new ExpressionError(`${JSON.stringify(text)} has no value here: ${firstLine(error)}`);
    }
  };
}

/** A condition: what it asks for may not be there, and it is then not met. @throws ExpressionError when the text is no expression */
export function parseCondition(text: string): (context: Readonly<Record<string, unknown>>) => boolean {
  const expression = parseExpression(text);
  return (context) => {
    try {
      return expression(context) === true;
    } catch {
      return false;
    }
  };
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}

/** CEL counts in 64 bits. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

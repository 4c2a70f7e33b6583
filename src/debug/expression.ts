import { Environment, type ASTNode, type ParseResult } from '@marcbachmann/cel-js';
import { t } from '@vscode/l10n';
import { messageOf } from '../base/message.ts';
import { PlainError } from '../base/plain-error.ts';
import { NAMES } from './expression-names.ts';
import { meantOf } from './meant.ts';

/** An expression that cannot be read, or that asks for what is not there; the message is a sentence. */
export class ExpressionError extends PlainError {
  override readonly name = 'ExpressionError';
}

const OF_OBJECTS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
/** What there is below a name, where that is always the same. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ...['runner', 'pod', 'set'].map((name) => [name, OF_OBJECTS] as const),
  ['secret', [...OF_OBJECTS, 'data', 'stringData', 'type', 'immutable']],
  ['truth', ['runner', 'pod', 'secret', 'set']],
  ['request', ['verb', 'resource', 'namespace', 'name', 'body']],
  ['answer', ['status', 'afterMs', 'value']],
  ['pass', ['id', 'controller', 'key', 'name', 'worker', 'attempt', 'trigger', 'waitedMs']],
]);

/** CEL, the language in which Kubernetes writes its own conditions. */
const environment = new Environment({ enableOptionalTypes: true });
for (const name of NAMES) environment.registerVariable(name, 'dyn');
const FUNCTIONS = [...new Set(environment.getDefinitions().functions.map(({ name }) => name))];

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

/** @throws ExpressionError when the text is no expression, or names what there never is; the expression throws it when it asks for what is not there */
export function parseExpression(text: string): Expression {
  const { parsed } = read(text);
  return (context) => {
    try {
      return plain(parsed(context));
    } catch (error) {
      throw new ExpressionError(t('{0} has no value here: {1}', JSON.stringify(text), firstLine(error)));
    }
  };
}

/** A condition: what it asks for may not be there, and it is then not met. @throws ExpressionError when the text is none */
export function parseCondition(text: string): (context: Readonly<Record<string, unknown>>) => boolean {
  const { type } = read(text);
  if (type !== 'bool' && type !== 'dyn') {
    throw new ExpressionError(t('{0} is no condition: it is never true or false.', JSON.stringify(text)));
  }
  const expression = parseExpression(text);
  return (context) => {
    try {
      return expression(context) === true;
    } catch {
      return false;
    }
  };
}

function read(text: string): { readonly parsed: ParseResult; readonly type: string | undefined } {
  let parsed: ParseResult;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    throw new ExpressionError(t('{0} is no CEL expression: {1}', JSON.stringify(text), firstLine(error)));
  }
  const { type, error } = parsed.check();
  const wrong = unknownField(parsed.ast) ?? (error === undefined ? undefined : problemOf(error));
  if (wrong !== undefined) throw new ExpressionError(t('{0} can have no value: {1}', JSON.stringify(text), wrong));
  return { parsed, type };
}

/** What is wrong with an expression that can be read, as a sentence. */
function problemOf(error: Error): string {
  const message = firstLine(error);
  const variable = /^Unknown variable: (\w+)/.exec(message)?.[1];
  if (variable !== undefined) return t('nothing is called {0}{1}', variable, meantOf(variable, NAMES));
  const called = /^found no matching overload for '(?:[^'(]*\.)?(\w+)\(/.exec(message)?.[1];
  if (called !== undefined && !FUNCTIONS.includes(called)) {
    return t('no function is called {0}{1}', called, meantOf(called, FUNCTIONS));
  }
  return message;
}

/** The first field that a name never has, as a sentence. */
function unknownField(node: unknown): string | undefined {
  if (Array.isArray(node)) {
    for (const part of node as unknown[]) {
      const wrong = unknownField(part);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (typeof node !== 'object' || node === null || !('op' in node)) return undefined;
  const { op, args } = node as ASTNode;
  if (op === '.' || op === '.?') {
    const [of, field] = args;
    // What is called as a function is none of its fields.
    const fields = of.op === 'id' ? FIELDS.get(of.args) : undefined;
    if (fields !== undefined && of.op === 'id' && typeof field === 'string' && !fields.includes(field)) {
      return t('{0} has no {1}{2}', of.args, field, meantOf(field, fields));
    }
  }
  return unknownField(args);
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}

/** CEL counts in 64 bits. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

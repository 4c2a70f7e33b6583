import { Environment, Optional, type ASTNode, type ParseResult } from '@marcbachmann/cel-js';
import { t } from '@vscode/l10n';
import { timesText } from '../base/count-words.ts';
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
      throw new ExpressionError(t('{0} has no value here: {1}', quoted(text), problemOf(error)));
    }
  };
}

/** A condition as it is asked again and again: what it asks for may not be there, and it is then not met. */
export class Condition {
  readonly #text: string;
  readonly #expression: Expression;
  #asked = 0;
  /** Why it was neither true nor false, each time so far. */
  #problem: string | undefined;

  /** @throws ExpressionError when the text is none */
  constructor(text: string) {
    const { type } = read(text);
    if (type !== 'bool' && type !== 'dyn') {
      throw new ExpressionError(t('{0} is no condition: it is never true or false.', quoted(text)));
    }
    this.#text = text;
    this.#expression = parseExpression(text);
  }

  isMet(context: Readonly<Record<string, unknown>>): boolean {
    let problem: string | undefined;
    let value: unknown;
    try {
      value = this.#expression(context);
      if (typeof value !== 'boolean') problem = t('{0} is neither true nor false here.', quoted(this.#text));
    } catch (error) {
      problem = messageOf(error);
    }
    if (this.#asked++ === 0 || problem === undefined) this.#problem = problem;
    return value === true;
  }

  /** Forgets what it was asked. @returns why it was never true or false, in a sentence; undefined where it was, or was not asked */
  whyUnclear(): string | undefined {
    const [asked, problem] = [this.#asked, this.#problem];
    this.#asked = 0;
    this.#problem = undefined;
    if (problem === undefined) return undefined;
    return t('A condition was asked {0} and was never true or false: {1}', timesText(asked), problem);
  }
}

function read(text: string): { readonly parsed: ParseResult; readonly type: string | undefined } {
  let parsed: ParseResult;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    throw new ExpressionError(t('{0} is no CEL expression: {1}', quoted(text), problemOf(error)));
  }
  const { type, wrong } = checked(parsed);
  if (wrong !== undefined) throw new ExpressionError(t('{0} can have no value: {1}', quoted(text), wrong));
  return { parsed, type };
}

function checked(parsed: ParseResult): { readonly type?: string | undefined; readonly wrong: string | undefined } {
  try {
    const { type, error } = parsed.check();
    return { type, wrong: unknownField(parsed.ast) ?? (error === undefined ? undefined : problemOf(error)) };
  } catch (error) {
    return { wrong: problemOf(error) };
  }
}

/** What is wrong with an expression, as a sentence. */
function problemOf(error: unknown): string {
  // Of the stack, as each part of it is read within the one around it.
  if (error instanceof RangeError) return t('it is too long, or has too many parts within each other.');
  const message = firstLine(error);
  const variable = /^Unknown variable: ([\w…]+)/.exec(message)?.[1];
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
  return short(messageOf(error).split('\n', 1)[0] ?? '');
}

/** More of a long expression is not repeated in what is said of it. */
const MOST_CHARACTERS = 120;

function short(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

function quoted(text: string): string {
  return JSON.stringify(short(text));
}

/** A value of CEL's own types, which counts in 64 bits, as JSON has it; undefined for an option that is empty. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value instanceof Optional) return value.hasValue() ? plain(value.value()) : undefined;
  const own: unknown = value.valueOf();
  if (typeof own === 'bigint') return Number(own);
  const prototype: unknown = Object.getPrototypeOf(value);
  // A duration, a type.
  if (prototype !== Object.prototype && prototype !== null)
    return (value as { readonly toString: () => string }).toString();
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

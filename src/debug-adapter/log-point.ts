import { messageOf } from '../base/message.ts';
import { ExpressionError, parseExpression, type Expression } from '../debug/expression.ts';

/** What a log point says: text with expressions in braces. */
export class LogPoint {
  readonly #parts: readonly (string | Expression)[];

  /** @throws ExpressionError when an expression cannot be read */
  constructor(message: string) {
    const pieces = message.split(/\{([^{}]*)\}/);
    this.#parts = pieces.map((piece, index) => (index % 2 === 0 ? piece : parseExpression(piece)));
  }

  text(context: Readonly<Record<string, unknown>>): string {
    return this.#parts.map((part) => (typeof part === 'string' ? part : valueText(part, context))).join('');
  }
}

function valueText(expression: Expression, context: Readonly<Record<string, unknown>>): string {
  try {
    const value = expression(context);
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  } catch (error) {
    if (error instanceof ExpressionError) return `{${messageOf(error)}}`;
    throw error;
  }
}

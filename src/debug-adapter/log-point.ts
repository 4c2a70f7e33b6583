import { t } from '@vscode/l10n';
import { messageOf } from '../base/message.ts';
import { ExpressionError, parseExpression, type Expression } from '../debug/expression.ts';

/** What a log point says: text with expressions in braces; `\\{` and `\\}` are braces of the text. */
export class LogPoint {
  readonly #parts: readonly (string | Expression)[];

  /** @throws ExpressionError when an expression cannot be read */
  constructor(message: string) {
    this.#parts = partsOf(message).map((part) => (typeof part === 'string' ? part : parseExpression(part.expression)));
  }

  text(context: Readonly<Record<string, unknown>>): string {
    return this.#parts.map((part) => (typeof part === 'string' ? part : valueText(part, context))).join('');
  }
}

/** What has no value is left out of the text, and why stands in its place. */
function valueText(expression: Expression, context: Readonly<Record<string, unknown>>): string {
  try {
    const value = expression(context);
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  } catch (error) {
    if (error instanceof ExpressionError) return `(${messageOf(error)})`;
    throw error;
  }
}

type Part = string | { readonly expression: string };

/** A brace that is never closed is text. @throws ExpressionError where nothing is between two */
function partsOf(message: string): readonly Part[] {
  const parts: Part[] = [];
  let text = '';
  for (let at = 0; at < message.length; at++) {
    const character = message[at] as string;
    const next = message[at + 1];
    if (character === '\\' && (next === '{' || next === '}')) text += message[++at];
    else {
      const end = character === '{' ? closing(message, at) : undefined;
      if (end === undefined) text += character;
      else {
        const expression = message.slice(at + 1, end).trim();
        if (expression === '')
          throw new ExpressionError(t('Nothing is between the braces of {0}.', JSON.stringify(message)));
        parts.push(text, { expression });
        text = '';
        at = end;
      }
    }
  }
  return [...parts, text];
}

/** Where the brace at a place is closed again: braces within it may be of a map, or in a text of the expression. */
function closing(message: string, from: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = from; at < message.length; at++) {
    const character = message[at] as string;
    if (quote !== undefined) {
      if (character === '\\') at++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return undefined;
}

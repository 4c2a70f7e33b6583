import { NAMES } from '../debug/expression-names.ts';

/** A name and the members that are asked of it, one after another. */
const CHAIN = /[A-Za-z_$][\w$]*(?:\s*[?!]?\.\s*[A-Za-z_$][\w$]*)*/g;

/** A part of a line, in characters from 0. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a line of the reconcilers' source that has a value where a pass stands: the member chain up to the word at a
 * place, such as `runner.status?.phase`; undefined where its first name means nothing to expressions.
 */
export function expressionAt(line: string, character: number): Part | undefined {
  for (const { 0: chain, index: start } of line.matchAll(CHAIN)) {
    if (character < start || character >= start + chain.length) continue;
    const [name = ''] = /^[\w$]+/.exec(chain) ?? [];
    if (!NAMES.includes(name) || line[start - 1] === '.') return undefined;
    const rest = /^[\w$]*/.exec(line.slice(character))?.[0].length ?? 0;
    return { start, end: character + rest };
  }
  return undefined;
}

/** An expression as the source writes it, in CEL, which knows no `?.` and no `!`. */
export function inCel(source: string): string {
  return source.replaceAll(/\s*[?!]?\.\s*/g, '.');
}

import { isWhole } from './wholeness.ts';

/** Shorter lines are no line of a window. */
const NARROWEST = 40;
/** What a blank at the end of a window's line may have taken with it. */
const TRIMMED = 8;
/** Fewer may be so by chance. */
const MANY = 5;
const NEARLY_ALL = 0.9;

/**
 * Whether a line goes on in the next one, and what stood between them: undefined where it does not.
 * @param whole what has been joined so far, with `line` at its end
 */
export type Joins = (line: string, next: string, whole: string) => string | undefined;

/** Lines that a terminal has broken where its window ended: all but the last part of a line have its width. */
export function brokenAtWidth(lines: readonly string[], begins: (line: string) => boolean): Joins | undefined {
  const width = Math.max(...lines.map(({ length }) => length));
  if (width < NARROWEST) return undefined;
  return (line, next) => {
    // Stack traces are set in.
    if (next === '' || next.startsWith('\t') || begins(next)) return undefined;
    if (line.length === width) return '';
    const isTrimmed = line.length >= width - TRIMMED && line.length < width && isOpen(line);
    return isTrimmed ? ' '.repeat(width - line.length) : undefined;
  };
}

/** Whether lines that begin in no known way are many, and nearly all go on with what stands before them. */
export function isSurelyBroken(lines: readonly string[], joins: Joins, begins: (line: string) => boolean): boolean {
  const parts = lines.flatMap((line, index) => (index === 0 || line === '' || begins(line) ? [] : [index]));
  const joined = parts.filter((index) => {
    const before = lines[index - 1] ?? '';
    return joins(before, lines[index] ?? '', before) !== undefined;
  });
  return parts.length >= MANY && joined.length >= NEARLY_ALL * parts.length;
}

/** Lines that a mail program or an editor has broken at blanks or hyphens: the next word had no room. */
export function brokenAtBlanks(
  lines: readonly string[],
  begins: (line: string) => boolean,
  firstWord = FIRST_PART,
): Joins | undefined {
  const width = Math.max(0, ...lines.filter((line) => line.trim().includes(' ')).map(({ length }) => length));
  if (width < NARROWEST) return undefined;
  return (line, next, whole) => {
    const [word = ''] = firstWord.exec(next) ?? [];
    if (word === '' || begins(next)) return undefined;
    if (line.length + 1 + word.length <= width && (isWhole(whole) || !begins(whole))) return undefined;
    // They break words at hyphens, too.
    return /\w-$/.test(line) ? '' : ' ';
  };
}

/** The same where words with hyphens stay whole. */
export function brokenAtBlanksAlone(lines: readonly string[], begins: (line: string) => boolean): Joins | undefined {
  return brokenAtBlanks(lines, begins, /^\S+/);
}

const FIRST_PART = /^(?:\S*?[a-z]-(?=[a-z])|\S+)/i;

function isOpen(line: string): boolean {
  return !/[}\]"]$/.test(line.trimEnd());
}

/** Joins what has been broken; empty lines keep the numbers of those after it. */
export class Joiner {
  readonly #joins: Joins;
  #whole = '';
  #last: string | undefined;
  #parts = 0;

  constructor(joins: Joins) {
    this.#joins = joins;
  }

  take(lines: readonly string[]): string[] {
    const found: string[] = [];
    for (const line of lines) {
      const between = this.#last === undefined ? undefined : this.#joins(this.#last, line, this.#whole);
      if (between === undefined) {
        found.push(...this.end());
        this.#whole = line;
      } else this.#whole += between + line;
      this.#last = line;
      this.#parts++;
    }
    return found;
  }

  /** The line that has not ended. */
  end(): string[] {
    if (this.#last === undefined) return [];
    const found = [this.#whole, ...Array<string>(this.#parts - 1).fill('')];
    [this.#last, this.#parts] = [undefined, 0];
    return found;
  }
}

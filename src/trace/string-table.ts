import { visibleText } from '../base/visible-text.ts';

const LATELY = 64;

/** Strings by number: each distinct string is kept once, in the form in which it may be shown. Number 0 is the empty string. */
export class StringTable {
  /** Each another one. */
  readonly #strings: string[] = [''];
  readonly #ids = new Map<string, number>([['', 0]]);
  /** Strings asked for lately, by length and last letter: the same verbs, and names of runners with passes, come again and again. */
  readonly #lately: string[] = new Array<string>(LATELY).fill('');
  readonly #latelyIds: number[] = new Array<number>(LATELY).fill(0);

  get length(): number {
    return this.#strings.length;
  }

  id(text: string): number {
    const place = (8 * text.length + text.charCodeAt(text.length - 1)) % LATELY || 0;
    if (text === this.#lately[place]) return this.#latelyIds[place] as number;
    const id = this.#lookUp(text);
    this.#lately[place] = text;
    this.#latelyIds[place] = id;
    return id;
  }

  /** NaN, which says that it is not known, for no text. */
  idOf(text: string | undefined): number {
    return text === undefined ? NaN : this.id(text);
  }

  /** The number of a string that the table has; undefined where it has not. */
  find(text: string): number | undefined {
    return this.#ids.get(text);
  }

  #lookUp(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const visible = visibleText(text);
    const id = visible === text ? this.#strings.push(text) - 1 : this.#lookUp(visible);
    this.#ids.set(text, id);
    return id;
  }

  text(id: number): string {
    return this.#strings[id] ?? '';
  }

  /** Undefined for the number of no text. */
  textOf(id: number): string | undefined {
    return Number.isNaN(id) ? undefined : this.text(id);
  }

  parts(): readonly string[] {
    return this.#strings;
  }

  take(strings: readonly string[]): void {
    for (const text of strings.slice(1)) this.#lookUp(text);
  }
}

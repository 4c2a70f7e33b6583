import { isDocument, isWrittenBefore } from './read-document.ts';

/** The fence of an issue around what is quoted in it. */
const FENCE = /^(\s*)```/;
/** Lines in which fences are looked for: an issue is no longer, a log may be. */
const LONGEST_ISSUE = 50_000;

interface Takers {
  readonly lines: (lines: readonly string[]) => void;
  /** @param before how many lines of the file come before it */
  readonly document: (text: string, before: number) => void;
}

/** The documents of a text: all of it, or those that an issue quotes. */
export function documentsQuoted(text: string): string[] {
  const documents: string[] = [];
  const pieces = new Pieces({ lines: () => undefined, document: (document) => documents.push(document) });
  pieces.take(text.split('\n'));
  pieces.end();
  return documents;
}

/**
 * Tells the parts of a file apart: lines of logs, and documents, which are read as a whole. A file is one of them, or an issue
 * with words and fenced parts of any kind.
 */
export class Pieces {
  readonly #takers: Takers;
  /** Of the file so far. */
  #lines: number;
  /** What stands before the fence in its line, and so before each line within; undefined outside of fences. */
  #indent: string | undefined;
  /** Whether it is still open what the file, or the fenced part, is. */
  #isBeginning = true;
  #document: string[] | undefined;
  #before = 0;

  /** @param before how many lines of the file come before the first that is taken */
  constructor(takers: Takers, before = 0) {
    this.#takers = takers;
    this.#lines = before;
  }

  take(lines: readonly string[]): void {
    let from = 0;
    for (let index = 0; index < lines.length && this.#looksForFences(); index++) {
      const line = lines[index] as string;
      const fence = FENCE.exec(line);
      if (fence === null || (this.#indent !== undefined && this.#indent !== fence[1])) {
        if (this.#isBeginning) this.#decide(this.#within(line));
        continue;
      }
      this.#part(lines.slice(from, index));
      this.#fence(fence[1] as string, line);
      from = index + 1;
    }
    this.#part(from === 0 ? lines : lines.slice(from));
  }

  end(): void {
    const document = this.#document;
    this.#document = undefined;
    if (document !== undefined) this.#takers.document(document.join('\n'), this.#before);
  }

  /** A document that no fence encloses may hold one, in a text of its own. */
  #looksForFences(): boolean {
    return this.#lines < LONGEST_ISSUE && (this.#document === undefined || this.#indent !== undefined);
  }

  #fence(indent: string, line: string): void {
    this.end();
    this.#indent = this.#indent === undefined ? indent : undefined;
    this.#isBeginning = this.#indent !== undefined;
    this.#give([line]);
  }

  #decide(line: string): void {
    if (isWrittenBefore(line)) return;
    this.#isBeginning = false;
    if (isDocument([line])) [this.#document, this.#before] = [[], this.#lines];
  }

  #within(line: string): string {
    const indent = this.#indent ?? '';
    return indent !== '' && line.startsWith(indent) ? line.slice(indent.length) : line;
  }

  #part(written: readonly string[]): void {
    const lines = (this.#indent ?? '') === '' ? written : written.map((line) => this.#within(line));
    if (this.#document === undefined) this.#give(lines);
    else {
      this.#lines += lines.length;
      this.#document.push(lines.join('\n'));
    }
  }

  #give(lines: readonly string[]): void {
    this.#lines += lines.length;
    if (lines.length > 0) this.#takers.lines(lines);
  }
}

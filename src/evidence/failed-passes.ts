import { again, once, type Repeated, type Seen } from './seen.ts';
import { sameWords } from './same-words.ts';

/** All lines of a pass about one error come within this time. */
const SAME_PASS_US = 2e6;
/** Of more kinds than this the rest counts as one: an error may hold something that changes each time. */
const MOST_KINDS = 16;

/**
 * The passes of one object that failed, by kind of error. A pass that fails writes up to three lines: its steps report the
 * error, controller-runtime repeats it at the end. It counts once.
 */
export class FailedPasses {
  readonly #name: string;
  readonly #kinds = new Map<string, Repeated>();
  /** The kind of the pass whose error was reported, and whose end is not yet seen. */
  #failing: string | undefined;
  #hasEnded = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Each kind with its last text; the first line is that of the first pass of the kind. */
  get kinds(): Iterable<Repeated> {
    return this.#kinds.values();
  }

  /** Whether a pass is known to have ended with an error; otherwise its steps may have got over it. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** A line within a pass reports an error; the pass may go on, or write another such line. */
  report(seen: Seen, text: string): void {
    const last = this.#failing === undefined ? undefined : this.#kinds.get(this.#failing)?.last;
    // A pass that says no more than this ends without an error, and another one reports it again.
    if (last === undefined || seen.at.us - last.at.us > SAME_PASS_US) this.#failing = this.#count(seen, text);
  }

  /** A pass ends with an error, which its steps may have reported in fewer words, or in more. */
  end(seen: Seen, text: string): void {
    const failing = this.#failing;
    this.#failing = undefined;
    this.#hasEnded = true;
    const reported = failing === undefined ? undefined : this.#kinds.get(failing);
    if (failing === undefined || reported === undefined) {
      this.#count(seen, text);
    } else if (failing === this.#kindOf(text)) {
      reported.text = reported.lastText = text;
    } else if (!hasMore(reported.text, text)) {
      reported.count--;
      if (reported.count === 0) this.#kinds.delete(failing);
      const isSame = reported.count === 0 && text.includes(reported.text);
      this.#count(isSame ? reported.first : seen, text, isSame ? reported.firstText : text);
    }
  }

  /** A line that reports no error: what was reported before belongs to a pass that is over, or has gone on. */
  goOn(): void {
    this.#failing = undefined;
  }

  /** @param said what the line itself says of it */
  #count(seen: Seen, text: string, said = text): string {
    const kind = this.#kindOf(text);
    const before = this.#kinds.get(kind);
    this.#kinds.set(kind, before === undefined ? { ...once(seen, said), text } : again(before, seen, text));
    return kind;
  }

  #kindOf(text: string): string {
    const kind = errorKind(text, this.#name);
    return this.#kinds.has(kind) || this.#kinds.size < MOST_KINDS ? kind : '';
  }
}

/** Whether a step has told the error with details that the end of the pass leaves out: all its parts, and words between them. */
function hasMore(reported: string, end: string): boolean {
  return !reported.includes(end) && end.split(': ').every((part) => reported.includes(part));
}

/** The same error of different objects, or of other requests, is one kind. */
export function errorKind(text: string, name: string): string {
  return sameWords(text, name)
    .replaceAll(/\b[0-9A-F]{1,8}(?::[0-9A-F]{1,8}){2,}\b/g, 'ID')
    .replaceAll(/\b\d{4,}\b/g, 'N');
}

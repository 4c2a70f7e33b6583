import type { Rows } from '../trace/rows.ts';
import { withRoom } from './grow-array.ts';

/** Who gets requests. */
export type RequestTarget = 'kubernetes' | 'actions';

/** A word that names requests, and who gets these. */
export interface NamedTarget {
  readonly word: number;
  readonly to: RequestTarget;
}

/**
 * The lanes and words that bars refer to by number, made from the numbers that the trace has for its strings. Both are
 * counted from 0 in the order in which they are first needed; word 0 is the empty one, of bars with nothing to say.
 */
export class FeedNames {
  readonly #rows: Rows;
  /** By number of the object's name in the trace: one more than its lane. */
  #laneOfObject = new Int32Array(64);
  #lanes = 0;
  readonly #words = new Map<string, number>();
  /** By number of a word in the trace: one more than its number here. */
  #wordOfWord = new Int32Array(64);
  #newLanes: string[] = [];
  #newWords: string[] = [];
  /** By word: who gets the requests that it names, where that is known. */
  readonly #targets = new Map<number, RequestTarget>();
  #newTargets: NamedTarget[] = [];

  constructor(rows: Rows) {
    this.#rows = rows;
    this.word('');
  }

  /** The object's lane; undefined where it has none yet. */
  laneOf(object: number): number | undefined {
    const lane = this.#laneOfObject[object] ?? 0;
    return lane === 0 ? undefined : lane - 1;
  }

  /** Gives the object the next lane. */
  addLane(object: number): number {
    this.#laneOfObject = withRoom(this.#laneOfObject, object);
    this.#laneOfObject[object] = ++this.#lanes;
    this.#newLanes.push(this.#rows.strings.text(object));
    return this.#lanes - 1;
  }

  word(text: string): number {
    let word = this.#words.get(text);
    if (word === undefined) {
      word = this.#words.size;
      this.#words.set(text, word);
      this.#newWords.push(text);
    }
    return word;
  }

  /** The same for a word of the trace; the empty word for NaN. */
  wordOf(word: number): number {
    if (Number.isNaN(word)) return 0;
    const known = this.#wordOfWord[word] ?? 0;
    if (known !== 0) return known - 1;
    const made = this.word(this.#rows.words.text(word));
    this.#wordOfWord = withRoom(this.#wordOfWord, word);
    this.#wordOfWord[word] = made + 1;
    return made;
  }

  /** Requests with this name go there. */
  goTo(word: number, to: RequestTarget): void {
    if (this.#targets.has(word)) return;
    this.#targets.set(word, to);
    this.#newTargets.push({ word, to });
  }

  /** Those that nobody has taken yet. */
  take(): {
    readonly lanes: readonly string[];
    readonly words: readonly string[];
    readonly targets: readonly NamedTarget[];
  } {
    return {
      lanes: this.#newLanes.splice(0),
      words: this.#newWords.splice(0),
      targets: this.#newTargets.splice(0),
    };
  }
}

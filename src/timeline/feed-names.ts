import type { Rows } from '../trace/rows.ts';
import { withRoom } from './grow-array.ts';

/** Who gets requests. */
export type RequestTarget = 'kubernetes' | 'actions';

/** A word that names requests, and who gets these. */
export interface NamedTarget {
  readonly word: number;
  readonly to: RequestTarget;
}

/** The kind of a lane that is no runner's. */
export interface LaneKind {
  readonly lane: number;
  readonly kind: string;
  /** namespace/name of the AutoscalingRunnerSet that it belongs to, where that is known; it may come after the lane. */
  readonly scaleSet?: string;
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
  /** By kind and name: the lane of what is no runner. */
  readonly #others = new Map<string, Map<string, number>>();
  /** Lanes that are no runners'. */
  readonly #chain = new Set<number>();
  /** By lane: the number of the scale set's name in the trace. */
  readonly #scaleSets = new Map<number, number>();
  #newKinds: LaneKind[] = [];
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

  /** The runner's lane; undefined where it has none yet. */
  laneOf(object: number): number | undefined {
    const lane = this.#laneOfObject[object] ?? 0;
    return lane === 0 ? undefined : lane - 1;
  }

  /** Gives the runner the next lane. */
  addLane(object: number): number {
    this.#laneOfObject = withRoom(this.#laneOfObject, object);
    this.#laneOfObject[object] = ++this.#lanes;
    this.#newLanes.push(this.#rows.strings.text(object));
    return this.#lanes - 1;
  }

  /** The lane of what is no runner, which may have a runner's name; the next one where it has none yet. */
  laneOfKind(kind: string, name: string): number {
    let lanes = this.#others.get(kind);
    if (lanes === undefined) this.#others.set(kind, (lanes = new Map<string, number>()));
    let lane = lanes.get(name);
    if (lane !== undefined) return lane;
    lane = this.#lanes++;
    lanes.set(name, lane);
    this.#chain.add(lane);
    this.#newLanes.push(name);
    this.#newKinds.push({ lane, kind });
    return lane;
  }

  /** Says which scale set a lane of these belongs to. */
  belongs(lane: number, kind: string, scaleSet: number): void {
    if (Number.isNaN(scaleSet) || this.#scaleSets.get(lane) === scaleSet) return;
    this.#scaleSets.set(lane, scaleSet);
    this.#newKinds.push({ lane, kind, scaleSet: this.#rows.strings.text(scaleSet) });
  }

  isRunner(lane: number): boolean {
    return !this.#chain.has(lane);
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
    readonly laneKinds: readonly LaneKind[];
    readonly words: readonly string[];
    readonly targets: readonly NamedTarget[];
  } {
    return {
      lanes: this.#newLanes.splice(0),
      laneKinds: this.#newKinds.splice(0),
      words: this.#newWords.splice(0),
      targets: this.#newTargets.splice(0),
    };
  }
}

import type { HostMessage, SessionInfo } from '../protocol.ts';
import { Arrangement, type LaneBy } from '../timeline/arrangement.ts';
import { BarStore, type Bar } from '../timeline/bar-store.ts';
import type { Overview } from '../timeline/overview.ts';
import { BarKind, KIND_MASK, Track, WORDS_PER_BAR, type BarBatch } from '../timeline/bars.ts';
import { unpackBars } from '../timeline/packed-bars.ts';

/** One session's bars and names in the page, in each arrangement that has been asked for. */
export class SessionModel {
  #info: SessionInfo;
  readonly words: string[] = [];
  /** The lanes of runners drawn in advance; takes the bars that come. */
  overview: Overview | undefined;
  readonly #store = new BarStore();
  readonly #names: string[] = [];
  readonly #laneOfName = new Map<string, number>();
  readonly #arrangements = new Map<'worker' | 'api', Arrangement>();
  /** The session's time as it was last heard of; 0 before that. */
  #nowUs = 0;
  /** The page's clock when `nowUs` was true. */
  #heardMs = 0;
  #pods = 0;
  #firstPodUs = Infinity;
  #lastPodUs = -Infinity;

  constructor(info: SessionInfo) {
    this.#info = info;
  }

  get info(): SessionInfo {
    return this.#info;
  }

  /** Takes what has changed about the session. One that has ended stays at the time that it had got to. */
  update(info: SessionInfo, pageMs: number): void {
    if (this.#info.live && !info.live) this.#nowUs = this.nowUs(pageMs);
    this.#info = info;
  }

  get runners(): BarStore {
    return this.#store;
  }

  /** Something is queued, delayed or in progress. */
  get busy(): boolean {
    return this.info.live && this.#store.openLanes(Track.flow) > 0;
  }

  /** Creations of pods, as times after the session's origin; undefined before the first. */
  get pods(): { readonly count: number; readonly firstUs: number; readonly lastUs: number } | undefined {
    if (this.#pods === 0) return undefined;
    const { originUs } = this.info;
    return { count: this.#pods, firstUs: this.#firstPodUs - originUs, lastUs: this.#lastPodUs - originUs };
  }

  store(by: LaneBy): BarStore {
    return by === 'runner' ? this.#store : this.arrangement(by).store;
  }

  names(by: LaneBy): readonly string[] {
    return by === 'runner' ? this.#names : this.arrangement(by).names;
  }

  laneOf(runner: string): number | undefined {
    return this.#laneOfName.get(runner);
  }

  /** Whether it is known what time the session has got to, or did when it ended; of a file it is not. */
  get hasTime(): boolean {
    return this.#nowUs > 0;
  }

  /** The session's time at a moment of the page's clock; it goes on between messages while the session is live. */
  nowUs(pageMs: number): number {
    const sinceMs = this.info.live && this.#nowUs > 0 ? pageMs - this.#heardMs : 0;
    return Math.max(this.#nowUs + sinceMs * 1000, this.#store.endUs);
  }

  /** Puts bars in order for drawing, when it is worth the time and nothing else is waiting. */
  compact(): void {
    if (this.#store.wantsCompaction) this.#store.compact();
  }

  append(message: Extract<HostMessage, { type: 'bars' }>, pageMs: number): void {
    for (const name of message.lanes) {
      this.#laneOfName.set(name, this.#names.length);
      this.#names.push(name);
    }
    this.#store.growTo(this.#names.length);
    this.words.push(...message.words);
    const arrangements = [...this.#arrangements.values()];
    const { overview } = this;
    const visit =
      arrangements.length === 0 && overview === undefined
        ? undefined
        : (bar: Bar): void => {
            overview?.add(bar);
            for (const arrangement of arrangements) arrangement.add(bar);
          };
    for (const packed of message.batches) {
      const batch = unpackBars(packed);
      this.#notePods(batch);
      this.#store.append(batch, visit);
      // The store has its own form of them: 16 MB for a million bars are given back now, not when somebody collects them.
      batch.words.buffer.transfer(0);
      packed.bytes.transfer(0);
    }
    // A session that has ended sends no more times.
    if (message.nowUs > 0) {
      this.#nowUs = message.nowUs;
      this.#heardMs = pageMs;
    }
  }

  #notePods({ baseUs, words }: BarBatch): void {
    for (let at = 0; at < words.length; at += WORDS_PER_BAR) {
      if (((words[at + 3] as number) & KIND_MASK) !== BarKind.markPodCreated) continue;
      const atUs = baseUs + (words[at] as number);
      this.#pods++;
      this.#firstPodUs = Math.min(this.#firstPodUs, atUs);
      this.#lastPodUs = Math.max(this.#lastPodUs, atUs);
    }
  }

  /** The session's bars by worker or by kind of request. */
  arrangement(by: 'worker' | 'api'): Arrangement {
    let arrangement = this.#arrangements.get(by);
    if (arrangement === undefined) {
      arrangement = new Arrangement(by, this.#store, this.words);
      this.#arrangements.set(by, arrangement);
    }
    return arrangement;
  }
}

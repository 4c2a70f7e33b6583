import type { HostMessage, SessionInfo, ShownRunners } from '../protocol.ts';
import { RUNNER_KIND } from '../timeline/chain-words.ts';
import { Arrangement, type LaneBy } from '../timeline/arrangement.ts';
import { barsOf, BarStore } from '../timeline/bar-store.ts';
import type { RequestTarget } from '../timeline/feed-names.ts';
import { Activity } from './activity.ts';
import type { Overview } from '../timeline/overview.ts';
import { Track } from '../timeline/bars.ts';

type BarsMessage = Extract<HostMessage, { type: 'bars' }>;

/** One session's bars and names in the page, in each arrangement that has been asked for. */
export class SessionModel {
  #info: SessionInfo;
  readonly words: string[] = [];
  /** By word that names requests: who gets these. */
  readonly targets = new Map<number, RequestTarget>();
  /** Whether it is known for how long the client's limiter held requests back. */
  isLimiterKnown = false;
  /** The lanes of runners drawn in advance; takes the bars that come. */
  overview: Overview | undefined;
  /** What the tree's filter leaves of the runners; undefined for all. */
  filter: ShownRunners | undefined;
  readonly #store = new BarStore();
  readonly #names: string[] = [];
  readonly #laneOfName = new Map<string, number>();
  /** By lane, of those that are no runners'. */
  readonly #kinds = new Map<number, string>();
  /** By lane: namespace/name of its scale set, where that is known. */
  readonly #scaleSets = new Map<number, string>();
  /** By kind and name. */
  readonly #laneOfKind = new Map<string, number>();
  readonly #arrangements = new Map<'worker' | 'api', Arrangement>();
  /** The session's time as it was last heard of; 0 before that. */
  #nowUs = 0;
  /** The page's clock when `nowUs` was true. */
  #heardMs = 0;
  #pods: BarsMessage['pods'];
  #passes = 0;
  readonly #activity = new Activity();

  constructor(info: SessionInfo) {
    this.#info = info;
  }

  get info(): SessionInfo {
    return this.#info;
  }

  /** Takes what has changed about the session. One that has ended stays at the time that it had got to. */
  update(info: SessionInfo, pageMs: number): void {
    if (this.#info.live && !info.live) this.#nowUs = this.nowUs(pageMs);
    if (!this.#info.live && info.live) this.#activity.wakes();
    this.#info = info;
  }

  get runners(): BarStore {
    return this.#store;
  }

  /** How many passes have begun. */
  get passes(): number {
    return this.#passes;
  }

  /** Something is queued, delayed or in progress. */
  get busy(): boolean {
    return this.info.live && this.#store.openLanes(Track.flow) > 0;
  }

  /** The pods made so far, with times after the session's origin; undefined before the first. */
  get pods(): BarsMessage['pods'] {
    if (this.#pods === undefined) return undefined;
    const { count, firstUs, medianUs, lastUs, lastMadeUs } = this.#pods;
    const after = (us: number): number => us - this.info.originUs;
    return {
      count,
      firstUs: after(firstUs),
      medianUs: after(medianUs),
      lastUs: after(lastUs),
      lastMadeUs: after(lastMadeUs),
    };
  }

  store(by: LaneBy): BarStore {
    return by === 'runner' ? this.#store : this.arrangement(by).store;
  }

  names(by: LaneBy): readonly string[] {
    return by === 'runner' ? this.#names : this.arrangement(by).names;
  }

  /** @param kind of what has the name */
  laneOf(name: string, kind = RUNNER_KIND): number | undefined {
    return kind === RUNNER_KIND ? this.#laneOfName.get(name) : this.#laneOfKind.get(`${kind} ${name}`);
  }

  /** The kind of what a lane of the runners' arrangement shows. */
  kindOf(lane: number): string {
    return this.#kinds.get(lane) ?? RUNNER_KIND;
  }

  scaleSetOf(lane: number): string | undefined {
    return this.#scaleSets.get(lane);
  }

  /** Of how many lanes the scale set is known. */
  get placed(): number {
    return this.#scaleSets.size;
  }

  /** Whether there are lanes of what lies above runners. */
  get hasChain(): boolean {
    return this.#kinds.size > 0;
  }

  get runnerCount(): number {
    return this.#names.length - this.#kinds.size;
  }

  /** Whether it is known what time the session has got to, or did when it ended; of a file it is not. */
  get hasTime(): boolean {
    return this.#nowUs > 0;
  }

  /**
   * When jobs, runners or what lies above them changed last; undefined where all that a controller does counts, as without a
   * listener, which polls for ever.
   */
  get lastChangeUs(): number | undefined {
    return this.hasChain ? this.#activity.lastUs : undefined;
  }

  /** When it began to be busy, after its beginning or after having been idle. */
  get busySinceUs(): number {
    return this.#activity.sinceUs;
  }

  /**
   * The session's time at a moment of the page's clock; it goes on between messages while the session is live. One that has come to rest
   * stays there, though its listener goes on polling.
   */
  nowUs(pageMs: number): number {
    if (!this.info.live && this.#nowUs > 0) return this.#nowUs;
    const sinceMs = this.info.live && this.#nowUs > 0 ? pageMs - this.#heardMs : 0;
    return Math.max(this.#nowUs + sinceMs * 1000, this.#store.endUs);
  }

  /** Puts bars in order for drawing, when it is worth the time and nothing else is waiting. */
  compact(): void {
    if (this.#store.shouldCompact) this.#store.compact();
  }

  append(message: BarsMessage, pageMs: number): void {
    const { bars } = message;
    this.#pods = message.pods;
    this.#passes = message.passes;
    for (const { lane, kind, scaleSet } of message.laneKinds) {
      this.#kinds.set(lane, kind);
      if (scaleSet !== undefined) this.#scaleSets.set(lane, scaleSet);
    }
    for (const name of message.lanes) {
      const lane = this.#names.push(name) - 1;
      const kind = this.#kinds.get(lane);
      if (kind === undefined) this.#laneOfName.set(name, lane);
      else this.#laneOfKind.set(`${kind} ${name}`, lane);
    }
    this.#store.growTo(this.#names.length);
    this.words.push(...message.words);
    for (const { word, to } of message.targets) this.targets.set(word, to);
    this.isLimiterKnown = message.isLimiterKnown;
    this.#store.append(bars);
    const isFollowed = this.info.live && this.hasChain;
    if (isFollowed || this.overview !== undefined || this.#arrangements.size > 0) {
      for (const bar of barsOf(bars)) {
        if (isFollowed) this.#activity.note(bar, this.kindOf(bar.lane));
        this.overview?.add(bar);
        for (const arrangement of this.#arrangements.values()) arrangement.add(bar);
      }
    }
    // The store has its own form of them: the memory is given back now, not when somebody collects it.
    bars.bytes.transfer(0);
    // A session that has ended sends no more times.
    if (message.nowUs > 0) {
      this.#nowUs = message.nowUs;
      this.#heardMs = pageMs;
    }
  }

  /** The session's bars by worker or by kind of request. */
  arrangement(by: 'worker' | 'api'): Arrangement {
    let arrangement = this.#arrangements.get(by);
    if (arrangement === undefined) {
      arrangement = new Arrangement(by, this.#store, this.words, (lane) => this.kindOf(lane));
      this.#arrangements.set(by, arrangement);
    }
    return arrangement;
  }
}

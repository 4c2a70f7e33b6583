import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { ShownSession, TimelineSource } from '../../src/extension/run.ts';
import { TimelineFeed } from '../../src/extension/timeline-feed.ts';
import { EmbeddedRig } from './embedded-rig.ts';
import { ScaleSets } from '../../src/model/scale-sets.ts';
import { RunnerTable } from '../../src/model/runner-table.ts';
import { eraOf } from '../../src/explain/release-words.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../src/run/settings.ts';
import { BarFeed } from '../../src/timeline/bar-feed.ts';
import type { CriticalPath, HostMessage, PassDetail, SessionInfo } from '../../src/protocol.ts';

/** A session in virtual time, and what the page of a timeline receives of it. */
export class VirtualSession {
  readonly clock = new VirtualClock();
  readonly shown: ShownSession;
  readonly #info: SessionInfo;
  readonly #source: TimelineSource;
  readonly #feed: TimelineFeed;

  constructor(settings: Partial<RunSettings> & Pick<RunSettings, 'mode'>, info: Partial<SessionInfo> = {}) {
    const { clock } = this;
    const all: RunSettings = { ...DEFAULT_SETTINGS, workers: 1, ...settings };
    const table = new RunnerTable(
      () => clock.nowUs(),
      (text) => text,
    );
    const scaleSets = new ScaleSets(
      () => clock.nowUs(),
      () => VIRTUAL_EPOCH_MS,
      table.index,
    );
    const rig = new EmbeddedRig({ clock, settings: all, epochMs: VIRTUAL_EPOCH_MS, observers: [table] });
    rig.start();
    table.follow(rig.controllers, rig.trace);
    rig.runnerSet.create(all.runners, () => undefined);
    const { mode } = all;
    const id = info.id ?? mode;
    const name = info.name ?? 'embedded 1';
    const shown = {
      ...{ id, name, colour: info.colour ?? 0, settings: all, target: { kind: 'embedded' }, ended: false },
      run: {
        ...{ trace: rig.trace, table, scaleSets, unreadable: '', controllers: rig.controllers, originUs: 0 },
        ...{ nowUs: () => clock.nowUs(), manifests: { get: () => undefined }, secrets: rig.secrets },
        podEvents: () => Promise.resolve([]),
      },
    };
    this.shown = shown as unknown as ShownSession;
    this.#info = {
      ...{ id, name, mode, kind: 'embedded', source: 'embedded', colour: 0, live: true, originUs: 0 },
      ...{ era: eraOf(mode), order: RELEASES.position(mode) },
      ...info,
    };
    this.#source = { info: this.#info, trace: rig.trace, session: this.shown };
    this.#feed = new TimelineFeed([this.#source]);
  }

  /** What happens until a time, for the page. */
  until(us: number): HostMessage[] {
    this.clock.run(us);
    const messages: HostMessage[] = [{ type: 'session', session: { ...this.#info, live: !this.shown.ended } }];
    messages.push(...this.#feed.take());
    // The page goes on by its own clock; here time jumps.
    if (messages.length === 1) {
      const { pods, passes, isLimiterKnown } = new BarFeed(this.shown.run.trace).take();
      const bars = { count: 0, bytes: new ArrayBuffer(0) };
      const nothing = { lanes: [], laneKinds: [], words: [], targets: [], isLimiterKnown, bars, pods, passes };
      messages.push({ type: 'bars', session: this.#info.id, ...nothing, nowUs: us });
    }
    return messages;
  }

  end(): HostMessage[] {
    this.shown.ended = true;
    this.shown.run.trace.end(this.clock.nowUs());
    return this.until(this.clock.nowUs());
  }

  /** Names of the lanes, in the order in which the page has heard of them. */
  runners(): string[] {
    const feed = new BarFeed(this.shown.run.trace);
    return [...feed.take().lanes];
  }

  detail(pass: number): PassDetail | undefined {
    return this.#feed.detail(this.#info.id, pass);
  }

  /** What held a runner. */
  path(runner: string): CriticalPath | undefined {
    return this.#feed.path(this.#info.id, runner);
  }
}

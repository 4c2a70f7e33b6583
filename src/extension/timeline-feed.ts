import { explainOpenPass } from '../explain/explain-open-pass.ts';
import { explainPass, knobsOf } from '../explain/explain-pass.ts';
import { passOriginSentences } from '../explain/explain-origin.ts';
import { arrowsOf } from '../analysis/causality.ts';
import { chainLinksOf } from '../analysis/chain-links.ts';
import { criticalPath, type CriticalPath } from '../analysis/critical-path.ts';
import { linesOfPass } from '../analysis/lines-of-pass.ts';
import { lockHoldersOf } from '../analysis/lock-holders.ts';
import { workerHoldersOf } from '../analysis/worker-holders.ts';
import type { HostMessage, LogLine, PassDetail } from '../protocol.ts';
import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import { BarFeed } from '../timeline/bar-feed.ts';
import { kindOfController } from '../trace/kinds.ts';
import { RUNNER_KIND, type OpenPass, type PassEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { FilterNews } from './filter-news.ts';
import { FollowedObject } from './followed-object.ts';
import { FollowedRunner } from './followed-runner.ts';
import { infoOf, timeOf, type TimelineSource } from './run.ts';
import type { RunnerFilter } from './runner-filter.ts';

/** While a session is live its page hears the time this often, in microseconds, also when nothing else happens. */
const HEARTBEAT_US = 1_000_000;

/** What is followed on a page: `news` brings its detail whenever that changes. */
type Followed = Pick<FollowedRunner, 'news'>;

/** A source of bars and what its page knows of it. */
interface FeedState {
  readonly source: TimelineSource;
  readonly bars: BarFeed;
  /** Where the page believes that the session's time begins. */
  originUs: number;
  /** How many of the trace's marks what the page knows of the session is made of, and since when its connection is lost. */
  marked: string;
  /** The session's time that the page heard last. */
  heardUs: number;
}

/** What is sent to one page: bars of its sources as they come, and the details of passes that it asks for. */
export class TimelineFeed {
  readonly #feeds: readonly FeedState[];
  readonly #filter: FilterNews;
  #followed: Followed | undefined;

  constructor(sources: readonly TimelineSource[]) {
    this.#feeds = sources.map((source) => ({
      source,
      bars: new BarFeed(source.trace),
      originUs: source.session?.run.originUs ?? 0,
      marked: markedOf(source),
      heardUs: -Infinity,
    }));
    this.#filter = new FilterNews(sources);
  }

  /** Events have not been taken yet. */
  get pending(): boolean {
    return this.#feeds.some(({ bars }) => bars.pending);
  }

  /** What the sessions are, for a page that knows nothing yet, and when they have ended. */
  *sessions(): Generator<HostMessage> {
    for (const { source } of this.#feeds) yield sessionMessage(source);
  }

  /**
   * What has come since the last call; each message is made when it is asked for.
   * @param limit how many events of each session to take at most
   */
  *take(limit = Infinity): Generator<HostMessage> {
    yield* this.#filter.take();
    for (const fed of this.#feeds) {
      const { source, bars } = fed;
      const { info, session } = source;
      const nowUs = timeOf(source);
      const marked = markedOf(source);
      if (session !== undefined && (session.run.originUs !== fed.originUs || marked !== fed.marked)) {
        fed.originUs = session.run.originUs;
        fed.marked = marked;
        yield sessionMessage(source);
      }
      const update = bars.take(limit, nowUs);
      const isLive = session?.ended === false;
      const isTimeDue = isLive ? nowUs >= fed.heardUs + HEARTBEAT_US : nowUs !== fed.heardUs;
      if (update.lanes.length + update.bars.count === 0 && !isTimeDue) continue;
      fed.heardUs = nowUs;
      yield { type: 'bars', session: info.id, ...update, nowUs };
    }
    yield* this.#followed?.news() ?? [];
  }

  pass(session: string, number: number): PassEvent | OpenPass | undefined {
    return this.#of(session)?.bars.pass(number);
  }

  /** Why a pass started when it did, and what else is shown when it is selected. */
  detail(session: string, number: number): PassDetail | undefined {
    const fed = this.#of(session);
    const event = fed?.bars.pass(number);
    if (fed === undefined || event === undefined) return undefined;
    const { source, bars } = fed;
    const kind = kindOfController(event.controller);
    const passes = bars.passesOf(event.object, kind);
    const index = passes.indexOf(number);
    const at = (position: number): PassEvent | undefined => {
      const pass = bars.pass(passes[position] ?? -1);
      return pass?.ended === undefined ? undefined : pass;
    };
    const nowUs = timeOf(source);
    const knobs = knobsOf(source.trace.header);
    const place = bars.eventOf(number);
    const workerHolders = workerHoldersOf(source.trace, event, place);
    const holders = lockHoldersOf(source.trace, event.requests ?? [], place);
    return {
      number,
      mode: source.info.mode,
      ofRunner: { index: index + 1, count: passes.length },
      event,
      nowUs,
      why: [
        ...passOriginSentences(source.trace, event, number, index === 0),
        ...(event.ended === undefined
          ? explainOpenPass(event, nowUs, at(index - 1), workerHolders, knobs, holders)
          : explainPass(event, at(index - 1), workerHolders, knobs, holders)),
      ],
      arrows: event.ended === undefined ? [] : arrowsOf(event, bars.pass(passes[index + 1] ?? -1)),
      links: kind === RUNNER_KIND ? chainLinksOf(source.trace, event.object) : [],
      hasManifest: source.session?.run.manifests.get(number) !== undefined,
      lines: source.openLine === undefined ? [] : linesOf(source.trace, number),
    };
  }

  /** What held a runner; undefined where the trace does not show it. */
  path(session: string, runner: string): CriticalPath | undefined {
    const source = this.#of(session)?.source;
    if (source === undefined) return undefined;
    const { release = '' } = source.trace.header;
    return criticalPath(source.trace, runner, timeOf(source), hasActionsLock(release) === true);
  }

  /** From now on `take` brings which runners of the sessions the tree's filter lets through, whenever that changes. */
  filter(filter: RunnerFilter): void {
    this.#filter.set(filter);
  }

  /** From now on `take` brings what this runner waits for or failed of, whenever that changes. */
  follow(session: string, runner: string, kind = RUNNER_KIND): void {
    const source = this.#of(session)?.source;
    this.#followed = source === undefined ? undefined : followed(source, runner, kind);
  }

  /** No runner is shown any more. */
  unfollow(): void {
    this.#followed = undefined;
  }

  #of(session: string): FeedState | undefined {
    return this.#feeds.find(({ source }) => source.info.id === session);
  }
}

function followed(source: TimelineSource, name: string, kind: string): Followed {
  return kind === RUNNER_KIND ? new FollowedRunner(source, name) : new FollowedObject(source, kind, name);
}

function linesOf(trace: TraceLog, pass: number): LogLine[] {
  return linesOfPass(trace, pass).map(({ source, line }) => {
    return { source, line, name: `${trace.header.sources[source]?.file ?? ''}:${line}` };
  });
}

function markedOf({ trace, session }: TimelineSource): string {
  return `${trace.marks.length} ${session?.run.blindSinceUs}`;
}

function sessionMessage({ info, session }: TimelineSource): HostMessage {
  return { type: 'session', session: session === undefined ? info : infoOf(session) };
}

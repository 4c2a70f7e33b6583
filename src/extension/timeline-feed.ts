import { arrowsOf, explainPass } from '../lab/explain-pass.ts';
import { occupantsOf } from '../lab/occupants.ts';
import type { HostMessage, OpenBar, PassDetail } from '../protocol.ts';
import { BarFeed } from '../timeline/bar-feed.ts';
import { BarKind } from '../timeline/bars.ts';
import { packBars } from '../timeline/packed-bars.ts';
import type { PassEvent } from '../trace/model.ts';
import { infoOf, type TimelineSource } from './run.ts';

/** Waiting runners whose waits are shown while they last. */
const MAX_OPEN = 1_000;

/** A source of bars and what its page knows of it. */
interface Fed {
  readonly source: TimelineSource;
  readonly bars: BarFeed;
  /** Where the page believes that the session's time begins. */
  originUs: number;
  /** The page shows bars without an end; they are sent once more when there are none left. */
  hadOpen: boolean;
}

/** What one page is told: bars of its sources as they come, and the details of passes that it asks for. */
export class TimelineFeed {
  readonly #fed: readonly Fed[];

  constructor(sources: readonly TimelineSource[]) {
    this.#fed = sources.map((source) => ({
      source,
      bars: new BarFeed(source.trace),
      originUs: source.session?.lab.originUs ?? 0,
      hadOpen: false,
    }));
  }

  /** Events have not been taken yet. */
  get pending(): boolean {
    return this.#fed.some(({ bars }) => bars.pending);
  }

  /** What the sessions are, for a page that knows nothing yet, and when they have ended. */
  *sessions(): Generator<HostMessage> {
    for (const { source } of this.#fed) yield sessionMessage(source);
  }

  /**
   * What has come since the last call; each message is made when it is asked for.
   * @param limit how many events of each session to take at most
   */
  *take(limit = Infinity): Generator<HostMessage> {
    for (const fed of this.#fed) {
      const { source, bars } = fed;
      const { info, session } = source;
      const isLive = session?.ended === false;
      if (session !== undefined && session.lab.originUs !== fed.originUs) {
        fed.originUs = session.lab.originUs;
        yield sessionMessage(source);
      }
      const open = isLive ? openBars(session.lab, bars) : [];
      if (!bars.pending && open.length === 0 && !fed.hadOpen) continue;
      fed.hadOpen = open.length > 0;
      const { lanes, words, batches } = bars.take(limit);
      yield {
        type: 'bars',
        session: info.id,
        lanes,
        words,
        batches: batches.map(packBars),
        nowUs: isLive ? session.lab.nowUs() : 0,
        open,
      };
    }
  }

  pass(session: string, number: number): PassEvent | undefined {
    return this.#of(session)?.bars.pass(number);
  }

  /** Why a pass came when it came, and what else is told of it when somebody selects it. */
  detail(session: string, number: number): PassDetail | undefined {
    const fed = this.#of(session);
    const event = fed?.bars.pass(number);
    if (fed === undefined || event === undefined) return undefined;
    const { source, bars } = fed;
    const passes = bars.passesOf(event.runner);
    const index = passes.indexOf(number);
    const at = (position: number): PassEvent | undefined => bars.pass(passes[position] ?? -1);
    return {
      number,
      ofRunner: { index: index + 1, count: passes.length },
      event,
      why: explainPass(event, at(index - 1), occupantsOf(source.trace, event, bars.eventOf(number))),
      arrows: arrowsOf(event, at(index + 1)),
      hasManifest: source.session?.lab.manifests.get(number) !== undefined,
    };
  }

  #of(session: string): Fed | undefined {
    return this.#fed.find(({ source }) => source.info.id === session);
  }
}

function sessionMessage({ info, session }: TimelineSource): HostMessage {
  return { type: 'session', session: session === undefined ? info : infoOf(session) };
}

/** Passes in progress and waits that have not ended. */
function openBars(lab: NonNullable<TimelineSource['session']>['lab'], feed: BarFeed): OpenBar[] {
  const bars: OpenBar[] = [];
  const add = (key: string, kind: BarKind, startUs: number): void => {
    const lane = feed.laneOf(key);
    if (lane !== undefined) bars.push({ lane, kind, startUs });
  };
  for (const { key, startedUs } of lab.table.running()) add(key, BarKind.pass, startedUs);
  for (const [key, state] of lab.manager.controller.queue.waiting(MAX_OPEN)) {
    if (state.kind === 'queued') add(key, BarKind.queued, state.sinceUs);
    else if (state.kind === 'delayed') add(key, BarKind.backoff, state.sinceUs);
  }
  return bars;
}

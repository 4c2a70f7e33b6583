import type { HostMessage, ShownRunners } from '../protocol.ts';
import type { TimelineSource } from './run.ts';
import { filteredRunners, isFiltering, NO_FILTER, type RunnerFilter } from './runner-filter.ts';

/** Which runners are in a state changes while a session is live: they are looked for this often, in microseconds. */
const LOOK_US = 500_000;

/** What a page hears of the tree's filter. Traces of files are not in the tree: they are shown whole. */
export class FilterNews {
  /** By source: what its page heard last, and when that was made. */
  readonly #last: { readonly source: TimelineSource; text: string; lookedUs: number; atEnd: boolean }[];
  #filter = NO_FILTER;

  constructor(sources: readonly TimelineSource[]) {
    this.#last = sources.map((source) => ({ source, text: 'null', lookedUs: -Infinity, atEnd: false }));
  }

  set(filter: RunnerFilter): void {
    this.#filter = filter;
    for (const last of this.#last) last.lookedUs = -Infinity;
  }

  /** The sessions' filters, where they are others than before. */
  *take(): Generator<HostMessage> {
    for (const last of this.#last) {
      const { session, info } = last.source;
      if (session === undefined) continue;
      const nowUs = session.run.nowUs();
      const { text, states } = this.#filter;
      const isNew = last.lookedUs === -Infinity;
      const isDue = isNew || (states.length > 0 && nowUs >= last.lookedUs + LOOK_US);
      if (!isDue && last.atEnd === session.ended) continue;
      last.lookedUs = nowUs;
      last.atEnd = session.ended;
      // A page knows names, and that of runners that are gone too; it does not know what the tree calls a runner's state.
      const runners = states.length === 0 ? undefined : filteredRunners(session, this.#filter).keys;
      const filter: ShownRunners | null = isFiltering(this.#filter) ? { text: text.toLowerCase(), runners } : null;
      const said = JSON.stringify(filter);
      if (said === last.text) continue;
      last.text = said;
      yield { type: 'filter', session: info.id, filter };
    }
  }
}

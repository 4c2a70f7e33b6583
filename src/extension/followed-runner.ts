import { t } from '@vscode/l10n';
import { chainLinksOf } from '../analysis/chain-links.ts';
import { milestonesText } from '../explain/milestones-text.ts';
import { runnerDetail } from '../explain/runner-detail.ts';
import type { KubernetesEvent } from '../kubernetes/types.ts';
import { wantsEvents } from '../problems/pod-event-problem.ts';
import type { HostMessage } from '../protocol.ts';
import { timeOf, type ShownSession, type TimelineSource } from './run.ts';

/** A live runner is read again this often, in microseconds: people read the details. */
const LOOK_US = 250_000;
/** How old the details may get where nothing changes, and how often the events of a pod are requested. */
const AGE_US = 10_000_000;

/** A runner whose detail is on a page: what it waits for or failed of. A saved trace tells the same as a live session. */
export class FollowedRunner {
  readonly #source: TimelineSource;
  readonly #runner: string;
  #lookedUs = -Infinity;
  /** What of the runner the detail was made of. */
  #seen = '';
  #told = '';
  #events: readonly KubernetesEvent[] = [];
  #askedUs = -Infinity;

  constructor(source: TimelineSource, runner: string) {
    this.#source = source;
    this.#runner = runner;
  }

  /** The detail, where it is another one than before. */
  *news(): Generator<HostMessage> {
    const { info, trace, session } = this.#source;
    const nowUs = timeOf(this.#source);
    const live = session?.ended === false ? session : undefined;
    if (live !== undefined && nowUs - this.#lookedUs < LOOK_US) return;
    this.#lookedUs = nowUs;
    const waits = live?.run.table.describe(this.#runner)?.waits ?? '';
    const last = trace.lastRunnerEvent(this.#runner);
    const seen = [last?.at, trace.passCount, waits, Math.floor(nowUs / AGE_US), live === undefined].join();
    if (seen === this.#seen) return;
    this.#seen = seen;
    if (live !== undefined && last !== undefined && wantsEvents(last)) this.#askForEvents(live, nowUs);
    const redact = (text: string): string => session?.run.secrets.redact(text) ?? text;
    const read = { events: this.#events, epochMs: Date.parse(trace.header.start), redact };
    const found = runnerDetail(trace, this.#runner, nowUs, waits, read);
    if (found === undefined) return;
    const milestones = milestonesText(trace, this.#runner, session?.run.originUs ?? info.originUs);
    const facts = [...found.facts, ...(milestones === '' ? [] : [{ label: t('milestones'), value: milestones }])];
    const links = chainLinksOf(trace, this.#runner);
    const detail = { ...found, facts, ...(links.length === 0 ? {} : { links }) };
    const told = JSON.stringify(detail);
    if (told === this.#told) return;
    this.#told = told;
    yield { type: 'runner', session: info.id, detail: { runner: this.#runner, ...detail } };
  }

  #askForEvents({ run }: ShownSession, nowUs: number): void {
    if (nowUs - this.#askedUs < AGE_US) return;
    this.#askedUs = nowUs;
    void run.podEvents(this.#runner).then((events) => {
      this.#events = events;
      this.#seen = '';
    });
  }
}

import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { BarKind } from '../timeline/bars.ts';
import { laneTitle } from '../timeline/chain-words.ts';
import { barWords } from './bar-words.ts';
import { blindAt, blindText } from './blind-times.ts';
import { byId } from './dom.ts';
import { onceAFrame } from './once-a-frame.ts';
import type { SessionModel } from './session-model.ts';
import type { View } from './view.ts';

/** What the pointer is on, and where it is in the chart, in CSS pixels. */
export interface Pointed {
  readonly session: SessionModel;
  /** Number of the lane in the session's arrangement. */
  readonly lane: number;
  readonly bar: Bar | undefined;
  /** Of a sign: all that it stands for, the bar first. */
  readonly moments?: readonly Bar[];
  /** In the session's time. */
  readonly atUs: number;
  readonly x: number;
  readonly y: number;
}

const EDGE_PX = 8;

/** The line beside the pointer that says what it is on. */
export class Tip {
  readonly #view: View;
  #pointed: Pointed | undefined;
  /** The browser lays it out once, however often the pointer moves before the next frame. */
  readonly #ask = onceAFrame(() => this.#write());

  constructor(view: View) {
    this.#view = view;
  }

  show(pointed: Pointed | undefined): void {
    this.#pointed = pointed;
    this.#ask();
  }

  #write(): void {
    const tip = byId('tip');
    const pointed = this.#pointed;
    byId('chart').style.cursor = pointed?.bar === undefined ? 'default' : 'pointer';
    tip.hidden = pointed === undefined;
    if (pointed === undefined) return;
    tip.textContent = this.#text(pointed);
    const box = byId('chart-box');
    const left = Math.min(pointed.x + 12, box.clientWidth - tip.offsetWidth - EDGE_PX);
    const below = pointed.y + 18;
    const above = pointed.y - tip.offsetHeight - EDGE_PX;
    const lowest = box.clientHeight - tip.offsetHeight;
    // One with many lines may fit neither below nor above.
    const top = below <= lowest ? below : above >= EDGE_PX ? above : Math.max(EDGE_PX, lowest - EDGE_PX);
    tip.style.left = `${Math.max(EDGE_PX, left)}px`;
    tip.style.top = `${top}px`;
  }

  #text({ session, lane, bar, moments = [], atUs }: Pointed): string {
    const { laneBy } = this.#view;
    const itsName = session.names(laneBy)[lane] ?? '';
    const name = laneBy === 'runner' ? laneTitle(session.kindOf(lane), itsName) : itsName;
    if (bar === undefined) return name;
    if (moments.length > 1) return [name, ...momentLines(session, moments)].join('\n');
    const { kind, startUs, endUs } = bar;
    const isState = kind >= BarKind.runnerPending && kind <= BarKind.podFailed;
    const blind = isState ? blindAt(session, atUs) : undefined;
    if (blind !== undefined) return [name, blindText(session, blind)].join(' · ');
    const isOpen = endUs === Infinity;
    const untilUs = isOpen ? session.nowUs(performance.now()) : endUs;
    const length = formatDuration(Math.max(0, Math.round(untilUs - startUs)));
    const lasted = kind >= BarKind.markRunnerCreated ? '' : isOpen ? t('{0} so far', length) : length;
    return [name, barWords(session, bar), lasted, atText(session, bar)].filter((part) => part !== '').join(' · ');
  }
}

/** Of more moments of one sign the number is said. */
const MOST_LISTED = 12;

/** What several moments with one sign are, a line for each. */
function momentLines(session: SessionModel, moments: readonly Bar[]): readonly string[] {
  const lines = moments.slice(0, MOST_LISTED).map((bar) => `${barWords(session, bar)} · ${atText(session, bar)}`);
  const more = moments.length - lines.length;
  return more === 0 ? lines : [...lines, t('and {0} more', more)];
}

function atText({ info }: SessionModel, { startUs }: Bar): string {
  return t('at {0}', formatDuration(Math.max(0, Math.round(startUs - info.originUs))));
}

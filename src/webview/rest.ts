import { describe } from './describe.ts';
import type { DetailPanel } from './detail-panel.ts';
import { setAttribute } from './dom.ts';
import { showStatistics } from './statistics-panel.ts';
import type { PassTable } from './pass-table.ts';
import type { View } from './view.ts';

/** Figures of the time in view are counted when the view has been still for this long. */
const DELAY_MS = 180;

/**
 * What is done when the view has come to rest, because it takes a moment: figures, table, description, and drawings in
 * advance. While a session does something it is done now and then.
 */
export class Rest {
  readonly #view: View;
  readonly #panel: DetailPanel;
  readonly #table: PassTable;
  /** What was in view when it was done last: time alone changes no figure. */
  #doneOf = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: View, panel: DetailPanel, table: PassTable) {
    this.#view = view;
    this.#panel = panel;
    this.#table = table;
  }

  /** The view has been drawn. Moving about puts it off, unless a session is busy. */
  soon(isBusy: boolean): void {
    if (!isBusy) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    const of = this.#inView();
    if (of === this.#doneOf) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#doneOf = of;
      this.#do();
    }, DELAY_MS);
  }

  #inView(): string {
    const { viewport, following, widthPx, tableShown, laneBy, isLive, sessions, selected, selectedRunner } = this.#view;
    const { filterChanges, cursors, marked } = this.#view;
    const { fromUs, pixelsPerUs } = viewport;
    const bars = sessions.map(({ runners }) => runners.length);
    const hasSelection = selected !== undefined || selectedRunner !== undefined;
    const span = following ? '' : pixelsPerUs;
    const stands = [...cursors.values(), ...marked.values()].map(
      ({ atUs, object, text }) => `${object} ${atUs} ${text}`,
    );
    return [isLive, fromUs, span, widthPx, tableShown, laneBy, hasSelection, filterChanges, ...bars, ...stands].join();
  }

  #do(): void {
    const view = this.#view;
    for (const session of view.sessions) if (!session.busy) session.compact();
    view.prepareOverviews();
    showStatistics(view);
    this.#panel.drawSummary();
    if (view.tableShown) this.#table.show();
    setAttribute('chart', 'aria-label', describe(view));
  }
}

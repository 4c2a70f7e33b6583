import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { BarKind, isPassKind, kindLabel } from '../timeline/bars.ts';
import { byId, element } from './dom.ts';
import type { PassPlace, View } from './view.ts';

const PAGE = 200;

interface TableRow extends PassPlace {
  readonly runner: string;
  readonly kind: BarKind;
  readonly waitUs: number;
  readonly backoffUs: number;
}

/** The passes in view as a table, for keyboards and screen readers: the same data, the same selection. */
export class TableTwin {
  readonly #view: View;
  readonly #select: (place: PassPlace) => void;
  #page = 0;

  constructor(view: View, select: (place: PassPlace) => void) {
    this.#view = view;
    this.#select = select;
  }

  show(): void {
    const box = byId('table');
    box.hidden = !this.#view.tableShown;
    byId('chart-box').hidden = this.#view.tableShown;
    if (!this.#view.tableShown) return;
    const places = this.#places();
    const pages = Math.max(1, Math.ceil(places.length / PAGE));
    this.#page = Math.min(this.#page, pages - 1);
    const head = element('tr');
    for (const title of [
      t('session'),
      t('runner'),
      t('queued after'),
      t('waited'),
      t('began'),
      t('took'),
      t('result'),
    ]) {
      head.append(element('th', { scope: 'col' }, title));
    }
    const body = element('tbody');
    for (const place of places.slice(this.#page * PAGE, (this.#page + 1) * PAGE)) body.append(this.#row(place));
    const caption = t('Passes in view, in order of their beginning: {0}', places.length);
    const table = element('table', {}, element('caption', {}, caption), element('thead', {}, head), body);
    const had = document.activeElement?.closest('tr')?.dataset['pass'];
    box.replaceChildren(table);
    if (pages > 1) box.append(this.#pager(pages));
    if (had !== undefined) box.querySelector<HTMLElement>(`tr[data-pass="${had}"] button`)?.focus();
  }

  #row(place: TableRow): HTMLElement {
    const session = this.#view.session(place.session);
    const origin = session?.info.originUs ?? 0;
    const { selected } = this.#view;
    const isSelected = selected?.session === place.session && selected.pass === place.pass;
    const button = element('button', { type: 'button', class: 'link' }, place.runner);
    button.addEventListener('click', () => this.#select(place));
    return element(
      'tr',
      { 'data-pass': `${place.session}/${place.pass}`, ...(isSelected ? { 'aria-current': 'true' } : {}) },
      element('td', {}, `${session?.info.mode ?? ''} ${session?.info.name ?? ''}`),
      element('th', { scope: 'row' }, button),
      element('td', {}, formatDuration(place.backoffUs)),
      element('td', {}, formatDuration(place.waitUs)),
      element('td', {}, formatDuration(Math.max(0, place.startUs - origin))),
      element('td', {}, formatDuration(place.endUs - place.startUs)),
      element('td', {}, kindLabel(place.kind)),
    );
  }

  #pager(pages: number): HTMLElement {
    const button = (label: string, to: number): HTMLElement => {
      const made = element('button', { type: 'button' }, label);
      made.disabled = to < 0 || to >= pages;
      made.addEventListener('click', () => {
        this.#page = to;
        this.show();
      });
      return made;
    };
    const at = t('page {0} of {1}', this.#page + 1, pages);
    return element(
      'nav',
      { 'aria-label': t('Pages of the table') },
      button(t('Previous'), this.#page - 1),
      ` ${at} `,
      button(t('Next'), this.#page + 1),
    );
  }

  #places(): TableRow[] {
    const view = this.#view;
    const fromUs = view.viewport.fromUs;
    const toUs = fromUs + view.widthPx / view.viewport.pixelsPerUs;
    const places: TableRow[] = [];
    for (const session of view.sessions) {
      const { originUs, id } = session.info;
      const names = session.names('runner');
      const wanted = view.query.text;
      for (let lane = 0; lane < session.runners.lanes; lane++) {
        const runner = names[lane] ?? '';
        if (!runner.toLowerCase().includes(wanted)) continue;
        const waits = new Map<number, { waitUs: number; backoffUs: number }>();
        session.runners.forEach(lane, fromUs + originUs, toUs + originUs, (bar) => {
          if (bar.kind !== BarKind.queued && bar.kind !== BarKind.backoff) return;
          const known = waits.get(bar.pass) ?? { waitUs: 0, backoffUs: 0 };
          if (bar.kind === BarKind.queued) known.waitUs += bar.endUs - bar.startUs;
          else known.backoffUs += bar.endUs - bar.startUs;
          waits.set(bar.pass, known);
        });
        session.runners.forEach(lane, fromUs + originUs, toUs + originUs, ({ kind, pass, startUs, endUs }) => {
          if (!isPassKind(kind) || endUs === Infinity) return;
          const { waitUs = 0, backoffUs = 0 } = waits.get(pass) ?? {};
          places.push({ lane, pass, startUs, endUs, session: id, kind, waitUs, backoffUs, runner });
        });
      }
    }
    return places.sort((a, b) => a.startUs - b.startUs);
  }
}

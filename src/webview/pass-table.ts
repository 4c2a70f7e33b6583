import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { BarKind, isPassKind, isRequestKind, NO_PASS, NO_WORKER } from '../timeline/bars.ts';
import { kindWord, LISTENER_KIND } from '../timeline/chain-words.ts';
import { isEmpty } from '../timeline/query.ts';
import { barWords } from './bar-words.ts';
import { byId, element } from './dom.ts';
import { runNames, shortName } from './names.ts';
import type { SessionModel } from './session-model.ts';
import { shownRunners } from './shown-runners.ts';
import type { PassPlace } from './pass-place.ts';
import type { View } from './view.ts';

const PAGE = 200;

interface TableRow extends PassPlace {
  readonly of: string;
  readonly kind: string;
  readonly runner: string;
  readonly beganUs: number;
  readonly tookUs: number;
  readonly result: string;
  readonly worker: number;
  waitUs: number;
  backoffUs: number;
  requests: number;
  phases: string;
}

interface Column {
  readonly title: string;
  readonly isNumber?: true;
  readonly text: (row: TableRow) => string;
  /** What it is sorted by. */
  readonly key: (row: TableRow) => number | string;
}

/** As the panel calls them. */
const RESULTS: Readonly<Record<number, string>> = {
  [BarKind.passUnknown]: '',
  [BarKind.pass]: 'done',
  [BarKind.passRequeued]: 'requeue',
  [BarKind.passFailed]: 'error',
};

const KIND = t('kind');
const COLUMNS: readonly Column[] = [
  { title: t('session'), text: ({ of }) => of, key: ({ of }) => of },
  { title: t('runner'), text: ({ runner }) => runner, key: ({ runner }) => runner },
  // Only where there is more than runners.
  { title: KIND, text: ({ kind }) => kindWord(kind), key: ({ kind }) => kindWord(kind) },
  {
    title: t('queued after'),
    isNumber: true,
    text: ({ backoffUs }) => formatDuration(backoffUs),
    key: ({ backoffUs }) => backoffUs,
  },
  { title: t('waited'), isNumber: true, text: ({ waitUs }) => formatDuration(waitUs), key: ({ waitUs }) => waitUs },
  {
    title: t('began'),
    isNumber: true,
    text: ({ beganUs }) => formatDuration(Math.max(0, beganUs)),
    key: ({ beganUs }) => beganUs,
  },
  { title: t('took'), isNumber: true, text: ({ tookUs }) => formatDuration(tookUs), key: ({ tookUs }) => tookUs },
  { title: t('result'), text: ({ result }) => result, key: ({ result }) => result },
  {
    title: t('worker'),
    isNumber: true,
    text: ({ worker }) => (worker < 0 ? '' : String(worker)),
    key: ({ worker }) => worker,
  },
  { title: t('requests'), isNumber: true, text: ({ requests }) => String(requests), key: ({ requests }) => requests },
  { title: t('phases'), text: ({ phases }) => phases, key: ({ phases }) => phases },
];
const BEGAN = 5;
const RUNNER = 1;
const NATURAL = new Intl.Collator('en', { numeric: true });

/** The passes in view as a table, for keyboards and screen readers: the same data, the same selection. */
export class PassTable {
  readonly #view: View;
  readonly #select: (place: PassPlace) => void;
  #page = 0;
  #sortedBy = BEGAN;
  #isDescending = false;
  /** The search, the filter and the selection that are shown. */
  #shownFor = '';

  constructor(view: View, select: (place: PassPlace) => void) {
    this.#view = view;
    this.#select = select;
  }

  /** Shows what somebody has just searched, filtered or selected; what time brings can wait. */
  follow(): void {
    if (this.#view.tableShown && this.#for() !== this.#shownFor) this.show();
  }

  show(): void {
    this.#shownFor = this.#for();
    const box = byId('table');
    box.hidden = !this.#view.tableShown;
    byId('chart-box').hidden = this.#view.tableShown;
    if (!this.#view.tableShown) return;
    const places = this.#sorted(this.#places());
    const pages = Math.max(1, Math.ceil(places.length / PAGE));
    this.#page = Math.min(this.#page, pages - 1);
    const head = element('tr', {}, ...this.#columns().map(([column, number]) => this.#heading(column, number)));
    const body = element('tbody');
    for (const place of places.slice(this.#page * PAGE, (this.#page + 1) * PAGE)) body.append(this.#row(place));
    const caption = t('Passes in view: {0}', places.length);
    const table = element('table', {}, element('caption', {}, caption), element('thead', {}, head), body);
    const focused = document.activeElement;
    const had = focused?.closest('tr')?.dataset['pass'];
    const hadColumn = focused?.closest<HTMLElement>('th[data-column]')?.dataset['column'];
    box.replaceChildren(table);
    if (pages > 1) box.append(this.#pager(pages));
    if (had !== undefined) box.querySelector<HTMLElement>(`tr[data-pass="${had}"] button`)?.focus();
    if (hadColumn !== undefined) box.querySelector<HTMLElement>(`th[data-column="${hadColumn}"] button`)?.focus();
  }

  /** The columns shown, with their numbers. */
  #columns(): readonly (readonly [Column, number])[] {
    const { hasChain } = this.#view;
    return COLUMNS.map((column, number) => [column, number] as const).filter(
      ([{ title }]) => hasChain || title !== KIND,
    );
  }

  #for(): string {
    const { selected, queryText, filterChanges } = this.#view;
    return `${selected?.session} ${selected?.pass} ${filterChanges} ${queryText}`;
  }

  #heading({ title, isNumber }: Column, number: number): HTMLElement {
    const isSorted = number === this.#sortedBy;
    const arrow = isSorted ? (this.#isDescending ? '\u00a0▼' : '\u00a0▲') : '';
    const button = element('button', { type: 'button', class: 'link' }, title + arrow);
    button.addEventListener('click', () => {
      this.#isDescending = isSorted && !this.#isDescending;
      this.#sortedBy = number;
      this.#page = 0;
      this.show();
    });
    const order = isSorted ? (this.#isDescending ? 'descending' : 'ascending') : 'none';
    const attributes = { scope: 'col', 'aria-sort': order, 'data-column': String(number), class: styleOf(isNumber) };
    return element('th', attributes, button);
  }

  #sorted(rows: TableRow[]): TableRow[] {
    const { key } = COLUMNS[this.#sortedBy] as Column;
    const direction = this.#isDescending ? -1 : 1;
    const compare = (a: number | string, b: number | string): number =>
      typeof a === 'number' && typeof b === 'number' ? a - b : NATURAL.compare(String(a), String(b));
    return rows.sort((a, b) => direction * compare(key(a), key(b)) || a.beganUs - b.beganUs);
  }

  #row(place: TableRow): HTMLElement {
    const { selected } = this.#view;
    const isSelected = selected?.session === place.session && selected.pass === place.pass && place.pass !== NO_PASS;
    const button = element('button', { type: 'button', class: 'link', title: place.runner }, shortName(place.runner));
    button.addEventListener('click', () => this.#select(place));
    const cells = this.#columns().map(([{ text, isNumber }, number]) =>
      number === RUNNER
        ? element('th', { scope: 'row' }, button)
        : element('td', { class: styleOf(isNumber) }, text(place)),
    );
    const row = element('tr', { 'data-pass': `${place.session}/${place.pass}` }, ...cells);
    if (isSelected) row.setAttribute('aria-current', 'true');
    return row;
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
    const { fromUs, pixelsPerUs } = view.viewport;
    const toUs = fromUs + view.widthPx / pixelsPerUs;
    const rows: TableRow[] = [];
    const meant = isEmpty(view.query)
      ? undefined
      : new Set(view.matches.map(({ session, pass }) => `${session}/${pass}`));
    const names = runNames(view.sessions.map(({ info }) => info));
    for (const [number, session] of view.sessions.entries()) {
      for (const lane of shownRunners(session)) {
        for (const row of rowsOfLane(session, names[number] ?? '', lane, fromUs, toUs)) {
          if (meant?.has(`${row.session}/${row.pass}`) !== false) rows.push(row);
        }
      }
    }
    return rows;
  }
}

/** Numbers stand one below the other. */
function styleOf(isNumber = false): string {
  return isNumber ? 'number' : '';
}

/** Counted from 1; -1 where it is not known. */
function workerNumber(worker: number): number {
  return worker === NO_WORKER ? -1 : worker + 1;
}

/** A listener has no passes: what is said of them says what it is. */
function ofListener(session: SessionModel, bar: Bar): Pick<TableRow, 'requests' | 'result' | 'phases'> {
  return { requests: MOMENTS.has(bar.kind) ? 0 : 1, result: '', phases: barWords(session, bar) };
}

/** Moments of a listener that have a row of their own: what it decided, and that it has ended. */
const MOMENTS: ReadonlySet<BarKind> = new Set([BarKind.markDecision, BarKind.markListenerEnded]);

/** The lane's passes, or requests and moments of its listener, that touch a stretch of time after the session's origin. */
function rowsOfLane(session: SessionModel, of: string, lane: number, fromUs: number, toUs: number): Iterable<TableRow> {
  const { id, originUs } = session.info;
  const { runners, words } = session;
  const runner = session.names('runner')[lane] ?? '';
  const itsKind = session.kindOf(lane);
  const isOfListener = (kind: BarKind, pass: number): boolean =>
    itsKind === LISTENER_KIND &&
    pass === NO_PASS &&
    (kind === BarKind.polling || isRequestKind(kind) || MOMENTS.has(kind));
  const rows = new Map<number, TableRow>();
  const requests: TableRow[] = [];
  const span = [fromUs + originUs, toUs + originUs] as const;
  runners.forEach(lane, ...span, (bar) => {
    const { kind, pass, startUs, endUs } = bar;
    if (endUs === Infinity || !(isPassKind(kind) || isOfListener(kind, pass))) return;
    const place = { lane, pass, startUs, endUs, session: id, runner, of, kind: itsKind };
    const figures = {
      beganUs: startUs - originUs,
      tookUs: endUs - startUs,
      worker: workerNumber(runners.workerOfPass(pass)),
    };
    const sums = { waitUs: 0, backoffUs: 0, requests: 0, phases: '' };
    if (pass !== NO_PASS) rows.set(pass, { ...place, ...figures, ...sums, result: RESULTS[kind] ?? '' });
    else requests.push({ ...place, ...figures, ...sums, ...ofListener(session, bar) });
  });
  // A wait lies before its pass, and may lie before what is in view.
  runners.forEach(lane, -Infinity, span[1], ({ kind, pass, startUs, endUs, detail }) => {
    const row = rows.get(pass);
    if (row === undefined || endUs === Infinity) return;
    if (kind === BarKind.queued) row.waitUs += endUs - startUs;
    else if (kind === BarKind.backoff) row.backoffUs += endUs - startUs;
    else if (isRequestKind(kind)) row.requests++;
    else if (kind === BarKind.phaseEven || kind === BarKind.phaseOdd) {
      row.phases += `${row.phases === '' ? '' : ', '}${words[detail] ?? ''}`;
    }
  });
  return [...rows.values(), ...requests];
}

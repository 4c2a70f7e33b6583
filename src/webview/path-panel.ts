import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { CriticalPath, WaitCause, WaitPart } from '../protocol.ts';
import { byId, element, show, write } from './dom.ts';
import { shortName } from './names.ts';
import { causeText, linkText, partText, wholeText } from './path-words.ts';
import { linkOf, type ShownPath } from './shown-path.ts';
import type { View } from './view.ts';
import { walk, walkTo } from './walk-path.ts';

/** Rows of the list of steps; nobody reads more, and the arrow keys reach all. */
const LISTED = 200;

/** What held the selected runner, beside the chart: the twin in words of the line over the bars. */
export class PathPanel {
  readonly #view: View;
  #shown: CriticalPath | undefined;
  #link: number | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  draw(): void {
    const { path: shown } = this.#view;
    if (shown?.path !== this.#shown) this.#show(shown);
    if (shown !== undefined && shown.link !== this.#link) this.#showLink(shown);
  }

  #show(shown: ShownPath | undefined): void {
    this.#shown = shown?.path;
    this.#link = undefined;
    show('path', shown !== undefined);
    byId('path').replaceChildren(...(shown === undefined ? [] : this.#parts(shown.path)));
  }

  #parts(path: CriticalPath): Node[] {
    const step = (label: string, direction: 1 | -1): HTMLElement => {
      const button = element('vscode-button' as 'button', { secondary: '' }, label);
      button.addEventListener('click', () => walk(this.#view, direction));
      return button;
    };
    return [
      element('h3', {}, t('What held {0}', shortName(path.runner))),
      element('p', {}, wholeText(path)),
      causeTable(path),
      element('div', { class: 'steps' }, step(t('‹ Cause'), -1), step(t('Effect ›'), 1)),
      element('p', { id: 'path-link', role: 'status' }, t('← and → go along the causes.')),
      this.#steps(path),
    ];
  }

  #steps({ links }: CriticalPath): HTMLElement {
    const rows = links.slice(-LISTED).map((link) => {
      const place = links.indexOf(link);
      const button = element('button', { type: 'button', class: 'link' }, shortName(link.runner));
      button.addEventListener('click', () => walkTo(this.#view, place));
      return element(
        'tr',
        { 'data-link': String(place) },
        element('th', { scope: 'row' }, button),
        element('td', {}, partText(link)),
        element('td', { class: 'number' }, lengthOf(link)),
      );
    });
    const summary =
      links.length > LISTED
        ? t('The last {0} of {1} steps along the causes', LISTED, links.length)
        : t('All steps along the causes ({0})', links.length);
    return element('details', {}, element('summary', {}, summary), tableOf(t('What it waited for'), rows));
  }

  #showLink(shown: ShownPath): void {
    const { link = 0, path } = shown;
    this.#link = link;
    const to = linkOf(shown);
    if (to !== undefined) write('path-link', linkText(to, link, path.links.length));
    for (const row of byId('path').querySelectorAll<HTMLElement>('tr[data-link]')) {
      if (row.dataset['link'] === String(link)) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
  }
}

/** What its own time is put down to, the most first; with whom it was, where others had what it waited for. */
function causeTable(path: CriticalPath): HTMLElement {
  const spent = new Map<WaitCause, number>();
  for (const { cause, fromUs, toUs } of path.parts) spent.set(cause, (spent.get(cause) ?? 0) + toUs - fromUs);
  const wholeUs = path.toUs - path.fromUs;
  const rows = [...spent]
    .sort((a, b) => b[1] - a[1])
    .map(([cause, us]) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, causeText(cause), ...withWhom(path, cause)),
        element('td', { class: 'number' }, formatDuration(Math.round(us))),
        element('td', { class: 'number' }, `${Math.round((100 * us) / wholeUs)} %`),
      ),
    );
  return tableOf(t('Its time by cause'), rows);
}

/** Who had what it waited for, and what for: `Actions service 8.7 s at 43 other runners`. */
function withWhom({ parts, links, runner }: CriticalPath, cause: WaitCause): Node[] {
  if (cause !== 'worker' && cause !== 'actions lock') return [];
  const waits = parts.filter((part) => part.cause === cause);
  const spent = new Map<WaitCause, { us: number; runners: Set<string> }>();
  for (const link of links) {
    if (link.runner === runner || link.cause === cause) continue;
    const us = waits.reduce((sum, wait) => sum + overlap(wait, link), 0);
    if (us === 0) continue;
    const known = spent.get(link.cause) ?? { us: 0, runners: new Set() };
    spent.set(link.cause, { us: known.us + us, runners: known.runners.add(link.runner) });
  }
  const [most] = [...spent].sort((a, b) => b[1].us - a[1].us);
  if (most === undefined) return [];
  const [of, { us, runners }] = most;
  const lasted = formatDuration(Math.round(us));
  const [first = ''] = runners;
  const text =
    runners.size === 1
      ? t('{0} of {1}: {2}', causeText(of), shortName(first), lasted)
      : t('{0} of {1} other runners: {2}', causeText(of), runners.size, lasted);
  return [element('span', { class: 'faint whom' }, text)];
}

function overlap(a: WaitPart, b: WaitPart): number {
  return Math.max(0, Math.min(a.toUs, b.toUs) - Math.max(a.fromUs, b.fromUs));
}

function lengthOf({ fromUs, toUs }: WaitPart): string {
  return formatDuration(Math.round(toUs - fromUs));
}

function tableOf(caption: string, rows: readonly HTMLElement[]): HTMLElement {
  return element('table', {}, element('caption', { class: 'unseen' }, caption), element('tbody', {}, ...rows));
}

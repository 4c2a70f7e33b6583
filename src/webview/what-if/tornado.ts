import { t } from '@vscode/l10n';
import { element } from '../dom.ts';
import type { Effect, EffectsOfOne, FieldValues } from '../../what-if-protocol.ts';
import { basisLink } from './basis.ts';
import { svg } from './svg.ts';

/** Size of a bar's drawing; its middle is no change. */
const [WIDTH, HEIGHT] = [240, 16];
const HALF = WIDTH / 2;

interface Shown {
  readonly end: Effect;
  readonly isFirstLook: boolean;
}

/**
 * What each change alone does to the last pod, as a table whose rows have bars: to the right for sooner, to the left for later.
 * What makes no difference is in a table of its own, which is opened on demand.
 */
export function tornado(effects: readonly EffectsOfOne[], onTry: (values: FieldValues) => void): HTMLElement[] {
  const all = effects.flatMap(({ ends, isFirstLook }) => ends.map((end): Shown => ({ end, isFirstLook })));
  const seen = all.filter(({ end, isFirstLook }) => end.isEffect || isFirstLook);
  const none = all.filter(({ end, isFirstLook }) => !end.isEffect && !isFirstLook);
  const caption = t('What each change alone does to the last pod');
  const without = t('Changes that make no difference to the last pod');
  return [
    ...(seen.length === 0 ? [] : [tableOf(seen, caption, onTry)]),
    ...(none.length === 0
      ? []
      : [element('details', {}, element('summary', {}, without), tableOf(none, without, onTry))]),
  ];
}

function tableOf(shown: readonly Shown[], caption: string, onTry: (values: FieldValues) => void): HTMLElement {
  const most = Math.max(1, ...shown.map(({ end }) => Math.abs(end.soonerUs ?? 0)));
  const rows = shown.map(({ end, isFirstLook }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, unbroken(end.change)),
      element('td', { class: 'bar' }, barOf(end, isFirstLook, most)),
      element('td', { class: 'effect' }, isFirstLook ? t('{0} (first look)', end.effect) : end.effect),
      element('td', {}, basisLink(end.basis)),
      element('td', {}, tryButton(end, onTry)),
    ),
  );
  const heads = [t('Change'), t('← later · sooner →'), t('Last pod'), t('Rests on'), t('Try')];
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...rows),
  );
}

/** Where a change is too long for a line, its two values stay together, and a number with its unit. */
function unbroken(change: string): string {
  return change.replaceAll(' → ', '\u00a0→\u00a0').replaceAll(/(?<=\d) (?=(?:ms|s|min|h)\b)/g, '\u00a0');
}

function barOf({ soonerUs, isEffect }: Effect, isFirstLook: boolean, most: number): SVGSVGElement {
  const middle = svg('line', { x1: HALF, x2: HALF, y1: 0, y2: HEIGHT, class: 'axis' });
  const drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' }, middle);
  if (!isEffect && !isFirstLook) return drawing;
  const share = soonerUs === null ? 1 : Math.min(1, Math.abs(soonerUs) / most);
  const width = Math.max(1, share * (HALF - 1));
  const isSooner = (soonerUs ?? -1) > 0;
  const kind = `${isSooner ? 'sooner' : 'later'}${isFirstLook ? ' first-look' : ''}`;
  drawing.prepend(svg('rect', { x: isSooner ? HALF : HALF - width, y: 2, width, height: HEIGHT - 4, class: kind }));
  return drawing;
}

function tryButton({ change, values }: Effect, onTry: (values: FieldValues) => void): HTMLElement {
  const button = element('button', { type: 'button', class: 'link', 'aria-label': t('Try {0}', change) }, t('Try'));
  button.addEventListener('click', () => onTry(values));
  return button;
}

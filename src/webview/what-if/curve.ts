import { t } from '@vscode/l10n';
import { formatDuration } from '../../base/duration.ts';
import type { CurveOfOne, CurvePoint, FieldValues } from '../../what-if-protocol.ts';
import { element } from '../dom.ts';
import { basisLink } from './basis.ts';
import { svg } from './svg.ts';

const [WIDTH, HEIGHT] = [520, 200];
const MARGIN = { left: 92, right: 24, top: 10, bottom: 34 } as const;
const TICKS = 4;

/** The last pod by the values of one setting: with bands, and the point after which more does not help. */
export function curveDrawing({ label, points, knee, text }: CurveOfOne): SVGSVGElement {
  const most = Math.max(1, ...points.map(({ highUs, lastUs }) => highUs ?? lastUs ?? 0));
  const drawing = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': t('Last pod by {0}. {1} The table has the same figures.', label, text),
  });
  const x = (index: number): number =>
    MARGIN.left + (index * (WIDTH - MARGIN.left - MARGIN.right)) / Math.max(1, points.length - 1);
  const y = (us: number): number => HEIGHT - MARGIN.bottom - (us / most) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  for (let tick = 0; tick <= TICKS; tick++) {
    const us = Math.round((most * tick) / TICKS);
    drawing.append(
      svg('line', { x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(us), y2: y(us), class: 'grid' }),
      svg('text', { x: MARGIN.left - 6, y: y(us) + 4, 'text-anchor': 'end' }, formatDuration(us)),
    );
  }
  const bottom = HEIGHT - MARGIN.bottom;
  drawing.append(svg('line', { x1: x(knee), x2: x(knee), y1: MARGIN.top, y2: bottom, class: 'knee' }));
  const known = points.flatMap(({ lastUs }, index) => (lastUs === null ? [] : [{ index, lastUs }]));
  const line = known.map(({ index, lastUs }) => `${x(index)},${y(lastUs)}`).join(' ');
  drawing.append(svg('polyline', { points: line, class: 'line' }));
  points.forEach((point, index) => drawing.append(...pointMarks(point, x(index), y)));
  drawing.append(svg('text', { x: WIDTH / 2, y: HEIGHT - 2, 'text-anchor': 'middle' }, label));
  return drawing;
}

function pointMarks({ value, lastUs, lowUs, highUs }: CurvePoint, x: number, y: (us: number) => number): SVGElement[] {
  const name = svg('text', { x, y: HEIGHT - MARGIN.bottom + 15, 'text-anchor': 'middle' }, String(value));
  if (lastUs === null) return [name];
  const band =
    lowUs === null || highUs === null
      ? []
      : [svg('line', { x1: x, x2: x, y1: y(lowUs), y2: y(highUs), class: 'band' })];
  return [name, ...band, svg('circle', { cx: x, cy: y(lastUs), r: 4, class: 'point' })];
}

/** The same figures. */
export function curveTable({ label, points, knee }: CurveOfOne, onTry: (values: FieldValues) => void): HTMLElement {
  const rows = points.map((point, index) => {
    const { value, text, basis, values } = point;
    const name = index === knee ? t('{0} (more does not help)', value) : String(value);
    const button = element(
      'button',
      { type: 'button', class: 'link', 'aria-label': `${t('Try')} ${label} ${value}` },
      t('Try'),
    );
    button.addEventListener('click', () => onTry(values));
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, index === points.length - 1 && index === knee ? String(value) : name),
      element('td', {}, text),
      element('td', {}, basisLink(basis)),
      element('td', {}, button),
    );
  });
  const heads = [label, t('Last pod'), t('Rests on'), t('Try')];
  return element(
    'table',
    {},
    element('caption', {}, t('Last pod by {0}', label)),
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...rows),
  );
}

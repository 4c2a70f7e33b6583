import { t } from '@vscode/l10n';
import { nextScale } from '../timeline/rows.ts';
import { panBy, zoomAt } from '../timeline/viewport.ts';
import type { View } from './view.ts';
import { zoomToSelection } from './zoom-to-selection.ts';

/** What input on the chart asks for beyond moving the view. */
export interface KeyActions {
  clear(): void;
  /** Goes to the next (1) or previous (-1) pass of the runner or hit of a search, or of everything. */
  step(direction: 1 | -1, everywhere?: boolean): void;
  /** Goes along the causes of what held the selected runner; false where nothing is known of that. */
  walk(direction: 1 | -1): boolean;
  openSelected(): void;
  focusSearch(): void;
  showKeys(): void;
}

type Act = (view: View, actions: KeyActions) => void;

const PAN_PX = 80;
const SCROLL_PX = 60;
const ZOOM = 1.35;
/** Of what is seen, a page is this much: a little of it stays. */
const PAGE = 0.9;

const pan =
  (pixels: number): Act =>
  (view) => {
    view.following = false;
    view.moveTo(panBy(view.viewport, pixels * view.ratio));
  };
const walkOr =
  (direction: 1 | -1, otherwise: Act): Act =>
  (view, actions) => {
    if (!actions.walk(direction)) otherwise(view, actions);
  };
const zoom =
  (factor: number): Act =>
  (view) => {
    view.following = false;
    view.moveTo(zoomAt(view.viewport, view.widthPx / 2, factor));
  };
const scroll =
  (pixels: number): Act =>
  (view) =>
    view.scrollTo(view.scrollPx + pixels * view.ratio);
const taller =
  (direction: 1 | -1): Act =>
  (view) =>
    view.setScale(nextScale(view.scale, direction));

/** By the name that a keyboard event has for a key. */
export const KEYS: Readonly<Record<string, Act>> = {
  a: pan(-PAN_PX),
  d: pan(PAN_PX),
  w: zoom(ZOOM),
  s: zoom(1 / ZOOM),
  ArrowLeft: walkOr(-1, pan(-PAN_PX)),
  ArrowRight: walkOr(1, pan(PAN_PX)),
  ArrowUp: scroll(-SCROLL_PX),
  ArrowDown: scroll(SCROLL_PX),
  PageUp: (view) => view.scrollTo(view.scrollPx - view.heightPx * PAGE),
  PageDown: (view) => view.scrollTo(view.scrollPx + view.heightPx * PAGE),
  Home: (view) => view.scrollTo(0),
  End: (view) => view.scrollTo(Infinity),
  '+': taller(1),
  '-': taller(-1),
  f: (view) => {
    view.following = false;
    view.fit();
  },
  l: (view) => {
    view.following = view.isLive;
    view.changed();
  },
  z: zoomToSelection,
  n: (_view, actions) => actions.step(1),
  p: (_view, actions) => actions.step(-1),
  N: (_view, actions) => actions.step(1, true),
  P: (_view, actions) => actions.step(-1, true),
  Enter: (_view, actions) => actions.openSelected(),
  Escape: (_view, actions) => actions.clear(),
  '/': (_view, actions) => actions.focusSearch(),
  '?': (_view, actions) => actions.showKeys(),
};

/** All of them for people: keys, and what they do. */
export function keySheet(wheel: 'scroll' | 'zoom'): readonly (readonly [keys: string, meaning: string])[] {
  return [
    [t('wheel'), wheel === 'scroll' ? t('scroll through the lanes') : t('zoom in time')],
    [t('Ctrl or Cmd + wheel, pinch'), t('zoom in time')],
    [t('Shift + wheel'), t('move in time')],
    [t('Alt + wheel, + -'), t('taller and lower lanes')],
    [t('drag'), t('move in time and through the lanes')],
    [t('Shift + drag'), t('measure a time span')],
    ['W S', t('zoom in time')],
    ['A D', t('move in time')],
    ['← →', t('to the cause and the effect of a wait, where a runner is selected; otherwise move in time')],
    ['↑ ↓ PageUp PageDown Home End', t('scroll through the lanes')],
    ['F', t('fit all of the time and all lanes')],
    ['L', t('follow a live run')],
    ['Z', t('zoom to the selected pass or the measured time')],
    ['N P', t('next and previous pass of the runner, or hit of the search')],
    ['Shift + N P', t('next and previous pass of all runners')],
    ['Enter', t('manifest before and after the selected pass')],
    ['/', t('search')],
    ['Esc', t('clear the selection, then the search')],
    [t('click on a group’s head'), t('fold and unfold it')],
    ['?', t('this sheet')],
  ];
}

/** The few that people need first, for the line below the chart; the table is a page that scrolls as any other. */
export function keyHint(wheel: 'scroll' | 'zoom', isTable: boolean): string {
  if (isTable) return t('Tab, Enter: sort by a column, select a pass · rows are the passes in the time in view');
  return wheel === 'scroll'
    ? t(
        'wheel: scroll · Ctrl+wheel: zoom · Shift+wheel: move in time · N P: passes of the runner · ← →: causes · /: search',
      )
    : t('wheel: zoom · Shift+wheel: move in time · N P: passes of the runner · ← →: causes · /: search');
}

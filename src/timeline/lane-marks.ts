import type { Bar, BarStore } from './bar-store.ts';
import { BarKind } from './bars.ts';
import type { PixelColumns } from './pixel-columns.ts';
import { MARKS } from './lane-shape.ts';
import { placeMarks, type PlacedSign } from './mark-layout.ts';

const FIRST_KIND = BarKind.markRunnerCreated;
const MARK_KINDS = Math.max(...Object.values(BarKind)) - FIRST_KIND + 1;
/** Where signs are in more columns together than this, they lie over one another: their order there is not looked up. */
const MOST_ORDERED = 200;

/** What is in view of a lane; see PixelColumns. */
type InView = Pick<PixelColumns, 'fromUs' | 'pixelsPerUs' | 'width' | 'nowUs'>;

/** A moment, and its pixel column from the first one on. */
interface LaneMark {
  readonly kind: BarKind;
  readonly column: number;
  readonly x: number;
}

/** A sign of a lane, with the moments that it stands for. */
export type LaneSign = PlacedSign<LaneMark>;

/**
 * The signs of a lane in order of time and apart from one another. Moments of a kind in one column have one.
 * @param signPx width of a sign of one moment
 */
export function signsOfLane(store: BarStore, lane: number, inView: InView, signPx: number): LaneSign[] {
  const { width } = inView;
  // Each kind has columns of its own: of those that come at the same time none is lost.
  const slot = MARKS.slot.map((first, kind) => (first < 0 ? -1 : (kind - FIRST_KIND) * width));
  const values = new Uint8Array(MARK_KINDS * width);
  if (!store.bin([lane], 0, 1, { ...inView, slot, value: MARKS.value, step: 1, values })) return [];
  const marks: LaneMark[] = [];
  let ordered = 0;
  for (let x = 0; x < width; x++) {
    const kinds: BarKind[] = [];
    for (let at = x; at < values.length; at += width) if (values[at] !== 0) kinds.push(values[at] as BarKind);
    if (kinds.length > 1 && ordered++ < MOST_ORDERED) sortByTime(kinds, store, lane, inView, x);
    for (const kind of kinds) marks.push({ kind, column: x, x });
  }
  return placeMarks(marks, signPx, width);
}

/** The moments whose sign is drawn at a place, in order of time; none where there is no sign. */
export function momentsAt(store: BarStore, lane: number, inView: InView, signPx: number, x: number): readonly Bar[] {
  const away = (sign: LaneSign): number => Math.abs(sign.x - x);
  const near = signsOfLane(store, lane, inView, signPx).filter((sign) => away(sign) <= sign.widthPx / 2);
  const [nearest] = near.sort((a, b) => away(a) - away(b));
  return (nearest?.marks ?? []).flatMap(({ kind, column }) => {
    const moment = momentsIn(store, lane, inView, column).find((each) => each.kind === kind);
    return moment === undefined ? [] : [moment];
  });
}

function sortByTime(kinds: BarKind[], store: BarStore, lane: number, inView: InView, column: number): void {
  const order = momentsIn(store, lane, inView, column).map(({ kind }) => kind);
  kinds.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** The moments of a column, in order of time. */
function momentsIn(store: BarStore, lane: number, { fromUs, pixelsPerUs }: InView, column: number): Bar[] {
  const moments: Bar[] = [];
  // What rounding puts beside the column is looked at too.
  const [first, last] = [column - 1, column + 2].map((at) => fromUs + at / pixelsPerUs) as [number, number];
  store.forEach(lane, first, last, (bar) => {
    const isMoment = bar.kind >= FIRST_KIND;
    if (isMoment && Math.floor((bar.startUs - fromUs) * pixelsPerUs) === column) moments.push(bar);
  });
  return moments.sort((a, b) => a.startUs - b.startUs);
}

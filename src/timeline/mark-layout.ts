/** How far a sign may be moved from its moment, in widths of one: what would stand further away is put together. */
const MOST_MOVED = 3;
/** Width of the sign of several moments, in widths of one: it has their number in it. */
const SEVERAL = 1.8;

/** A sign where it is drawn: of one moment, or of several that lie so close together that their own would hide one another. */
export interface PlacedSign<Mark> {
  /** Its middle, in pixels. */
  readonly x: number;
  readonly widthPx: number;
  /** In order of their moments. */
  readonly marks: readonly Mark[];
}

interface Placing<Mark> {
  left: number;
  widthPx: number;
  readonly marks: Mark[];
}

/**
 * Signs of moments, moved so far that none hides another: on from one that stands before it, and back from the right edge.
 * They keep their order, and none is moved to before the picture's left edge, where there is no time. Those that would be
 * moved too far are put together.
 * @param marks in order of their moments; `x` is the middle of a sign, in pixels
 * @param widthPx of a sign of one moment
 * @param rightPx where the room for signs ends
 */
export function placeMarks<Mark extends { readonly x: number }>(
  marks: readonly Mark[],
  widthPx: number,
  rightPx = Infinity,
): PlacedSign<Mark>[] {
  const mostPx = MOST_MOVED * widthPx;
  const placed: Placing<Mark>[] = [];
  for (const mark of marks) {
    const wanted = mark.x - widthPx / 2;
    const last = placed.at(-1);
    const free = last === undefined ? -Infinity : last.left + last.widthPx;
    if (last !== undefined && free - wanted > mostPx) {
      last.marks.push(mark);
      last.widthPx = SEVERAL * widthPx;
    } else placed.push({ left: Math.max(wanted, free), widthPx, marks: [mark] });
  }
  let edge = rightPx;
  for (let at = placed.length - 1; at >= 0; at--) {
    const one = placed[at] as Placing<Mark>;
    const next = placed[at + 1];
    const first = (one.marks[0] as Mark).x - widthPx / 2;
    const least = Math.max(first - mostPx, Math.min(first, -widthPx / 2));
    const left = Math.min(one.left, edge - one.widthPx);
    if (left >= least || next === undefined) {
      one.left = left;
      edge = left;
    } else {
      const end = next.left + next.widthPx;
      next.marks.unshift(...one.marks);
      next.widthPx = SEVERAL * widthPx;
      next.left = end - next.widthPx;
      placed.splice(at, 1);
      edge = next.left;
    }
  }
  return placed.map(({ left, widthPx: ownPx, marks: own }) => ({ x: left + ownPx / 2, widthPx: ownPx, marks: own }));
}

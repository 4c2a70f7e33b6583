/** A sign, where its moment is and where it is drawn; pixels. */
export interface PlacedMark {
  readonly kind: number;
  readonly x: number;
}

/** The most signs that may be moved on for one place; more would stand too far from their moments. */
const MOST_MOVED = 3;

/**
 * Signs of moments, moved on so far that none hides one that stands before it. Where there are very many they stay.
 * @param marks in order of their places
 */
export function placeMarks(marks: readonly PlacedMark[], widthPx: number): PlacedMark[] {
  let freeFrom = -Infinity;
  return marks.map(({ kind, x }) => {
    const isNear = freeFrom - x <= MOST_MOVED * widthPx;
    const at = isNear ? Math.max(x, freeFrom) : x;
    freeFrom = at + widthPx;
    return { kind, x: at };
  });
}

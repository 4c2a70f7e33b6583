/** The most signs that may be moved on for one place; more would stand too far from their moments. */
const MOST_MOVED = 3;

/**
 * Signs of moments, moved so far that none hides another: on from one that stands before it, and back from the right edge.
 * They keep their order. Where there are very many they stay near their moments, and lie over one another; none is moved to
 * before the picture's left edge, where there is no time.
 * @param marks in order of their moments; `x` is the middle of a sign, in pixels
 * @param rightPx where the room for signs ends
 */
export function placeMarks<Mark extends { readonly x: number }>(
  marks: readonly Mark[],
  widthPx: number,
  rightPx = Infinity,
): Mark[] {
  const mostPx = MOST_MOVED * widthPx;
  let last = -Infinity;
  const places = marks.map(({ x }) => {
    const free = last + widthPx;
    last = Math.max(x, free - x <= mostPx ? free : last);
    return last;
  });
  const edge = rightPx - widthPx / 2;
  let free = edge;
  for (let at = marks.length - 1; at >= 0; at--) {
    const { x } = marks[at] as Mark;
    const place = Math.min(edge, Math.max(Math.min(places[at] as number, free), x - mostPx, Math.min(x, 0)));
    places[at] = place;
    free = place - widthPx;
  }
  return marks.map((mark, at) => ({ ...mark, x: places[at] as number }));
}

/**
 * Positions from top to bottom, moved as little as it takes to be `gap` apart and before `end`; what does not fit between 0
 * and `end` lies closer together.
 * @param wanted in order
 */
export function spread(wanted: readonly number[], gap: number, end: number): number[] {
  const least = Math.min(gap, wanted.length > 1 ? end / (wanted.length - 1) : gap);
  const places: number[] = [];
  for (const place of wanted) places.push(Math.max(place, (places.at(-1) ?? -Infinity) + least));
  let limit = end;
  for (let at = places.length - 1; at >= 0; at--) {
    places[at] = Math.min(places[at] as number, limit);
    limit = (places[at] as number) - least;
  }
  return places;
}

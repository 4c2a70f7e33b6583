/** While nothing happens a picture is drawn again when time has gone on by a pixel, within these limits. */
const SHORTEST_STILL_MS = 250;
const LONGEST_STILL_MS = 1_000;

/**
 * How long a picture in which nothing but time moves may stand.
 * @param isNowInView whether the place is in it that time has got to
 */
export function stillPictureMs(pixelsPerUs: number, isNowInView: boolean): number {
  if (!isNowInView) return LONGEST_STILL_MS;
  return Math.min(LONGEST_STILL_MS, Math.max(SHORTEST_STILL_MS, 1 / (pixelsPerUs * 1_000)));
}

/**
 * The first place of 0 to `length - 1` where something is so, that is so from there on, found by halving; `length` where it is
 * nowhere.
 */
export function firstThat(length: number, isSo: (place: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

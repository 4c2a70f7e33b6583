/** Of a longer word more letters may be wrong. */
const LETTERS_A_MISTAKE = 3;

/**
 * The word that somebody who typed another most likely meant: the one that begins in this way, or the one with the fewest
 * letters wrong, missing, too many or changed over; undefined where none is near.
 */
export function likelyWord(typed: string, words: readonly string[]): string | undefined {
  const longer = words.filter((word) => word.startsWith(typed));
  if (typed.length > 1 && longer.length === 1) return longer[0];
  const most = Math.max(1, Math.floor(typed.length / LETTERS_A_MISTAKE));
  const near = words
    .map((word) => ({ word, mistakes: mistakesBetween(typed, word) }))
    .filter(({ word, mistakes }) => mistakes <= most && mistakes < word.length)
    .sort((a, b) => a.mistakes - b.mistakes);
  return near[0]?.word;
}

/** The Damerau-Levenshtein distance in which no part is changed twice. */
function mistakesBetween(one: string, other: string): number {
  let [before, last]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(before, j - 2) + 1 : Infinity,
      );
    }
    [before, last] = [last, row];
  }
  return at(last, other.length);
}

function at(row: readonly number[] | undefined, index: number): number {
  return row?.[index] ?? Infinity;
}

import distance from 'damerau-levenshtein';

/** Of a longer word more letters may be wrong. */
const LETTERS_A_MISTAKE = 3;
const MOST_DIGITS = 20;

/** Digits of a number that may be wrong, missing, too many or swapped. */
const MISTAKES = 1;
const MOST_LIKELY = 3;

/** The numbers that a mistyped one differs from by one digit, the nearest first; none where it is like no other. */
export function likeliestNumbers(typed: string, numbers: readonly string[]): readonly string[] {
  return numbers
    .map((number) => {
      // Of a longer text the distance takes memory of the square of its length.
      const mistakes = distance(typed.slice(0, MOST_DIGITS), number).steps;
      return { number, mistakes, apart: Math.abs(Number(typed) - Number(number)) };
    })
    .filter(({ mistakes }) => mistakes <= MISTAKES)
    .sort((a, b) => a.apart - b.apart)
    .slice(0, MOST_LIKELY)
    .map(({ number }) => number);
}

/**
 * The most likely intended word for a mistyped one: a word with this prefix, or the one with the fewest
 * letters wrong, missing, too many or swapped; undefined where none is near.
 */
export function likelyWord(typed: string, words: readonly string[]): string | undefined {
  const longer = words.filter((word) => word.startsWith(typed));
  if (typed.length > 1 && longer.length === 1) return longer[0];
  const most = Math.max(1, Math.floor(typed.length / LETTERS_A_MISTAKE));
  // The distance is never less than the difference in length, and takes memory of the square of the longer one.
  const near = words
    .filter((word) => Math.abs(word.length - typed.length) <= most)
    .map((word) => ({ word, mistakes: distance(typed, word).steps }))
    .filter(({ word, mistakes }) => mistakes <= most && mistakes < word.length)
    .sort((a, b) => a.mistakes - b.mistakes);
  return near[0]?.word;
}

const BLANKS = [' ', '\n', '\t', '\r'] as const;

/**
 * The beginning of a text, with whole words only: half of a credential no longer looks like one, and is not found where it is
 * looked for by its value.
 * @param most characters
 */
export function wholeWords(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.max(...BLANKS.map((blank) => text.lastIndexOf(blank, most)));
  return text.slice(0, Math.max(0, end));
}

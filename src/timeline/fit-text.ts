/**
 * The text, or as much of its beginning and its end as fits the room: names of things that belong together often differ at
 * their ends. Of what fits, the end gets as much as the beginning.
 * @param widthOf of a text, in the unit of `room`
 */
export function fitText(text: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= room) return text;
  const letters = [...text];
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const count = (fits + tooMany) >> 1;
    if (widthOf(shortened(letters, count)) <= room) fits = count;
    else tooMany = count;
  }
  return shortened(letters, fits);
}

function shortened(letters: readonly string[], count: number): string {
  const before = Math.ceil(count / 2);
  const after = count - before;
  return `${letters.slice(0, before).join('')}…${after === 0 ? '' : letters.slice(-after).join('')}`;
}

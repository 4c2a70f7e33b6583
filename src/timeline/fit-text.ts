/** The text, or as much of its beginning as fits the room. */
export function fitStart(text: string, room: number, widthOf: (text: string) => number): string {
  return fit(text, room, widthOf, (count) => count);
}

/**
 * The text, or as much of its beginning and its end as fits the room: names of things that belong together often differ at
 * their ends.
 * @param widthOf of a text, in the unit of `room`
 */
export function fitEnds(text: string, room: number, widthOf: (text: string) => number): string {
  return fit(text, room, widthOf, (count) => Math.ceil(count / 2));
}

/** @param before how many of the letters kept are from the beginning */
function fit(text: string, room: number, widthOf: (text: string) => number, before: (count: number) => number): string {
  if (widthOf(text) <= room) return text;
  const letters = [...text];
  const shortened = (count: number): string => {
    const first = before(count);
    return `${letters.slice(0, first).join('')}…${letters.slice(letters.length - count + first).join('')}`;
  };
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const count = (fits + tooMany) >> 1;
    if (widthOf(shortened(count)) <= room) fits = count;
    else tooMany = count;
  }
  return shortened(fits);
}

/** A last line that is shorter than this, in letters, takes a word of the line before it. */
const SHORT_END = 5;

function withoutShortEnd(lines: readonly string[], room: number, widthOf: (text: string) => number): string[] {
  const [before = '', last = ''] = lines.slice(-2);
  const at = before.lastIndexOf(' ');
  const longer = `${before.slice(at + 1)} ${last}`;
  if (lines.length < 2 || last.length >= SHORT_END || at < 0 || widthOf(longer) > room) return [...lines];
  return [...lines.slice(0, -2), before.slice(0, at), longer];
}

/**
 * The text in lines that fit the room, broken between words; a word that is longer than a line is broken too. No line at the
 * end is left with one short word.
 * @param widthOf of a text, in the unit of `room`
 */
export function wrapText(text: string, room: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= room) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    for (let letters = [...word]; widthOf(word) > room && letters.length > 1; letters = [...word]) {
      let count = letters.length - 1;
      while (count > 1 && widthOf(letters.slice(0, count).join('')) > room) count--;
      lines.push(letters.slice(0, count).join(''));
      word = letters.slice(count).join('');
    }
    line = word;
  }
  if (line !== '') lines.push(line);
  return withoutShortEnd(lines, room, widthOf);
}

/** Where an object stands in a text, from 1; undefined where it was not found. */
interface ObjectLines {
  readonly nameLine: number | undefined;
  readonly phaseLine: number | undefined;
}

const NAME = /"?\bname"?:\s*"?([\w.-]+)/;
const PHASE = /(?:^|[\s{,])"?phase"?:/;

/** The lines of objects by their names, which come in the order of the text; each ends where the next one has its name. */
export function objectLines(text: string, names: readonly string[]): ObjectLines[] {
  const lines = text.split('\n');
  const places: number[] = [];
  let from = 0;
  for (const name of names) {
    let place = from;
    while (place < lines.length && NAME.exec(lines[place] as string)?.[1] !== name) place++;
    places.push(place);
    if (place < lines.length) from = place + 1;
  }
  let end = lines.length;
  return places
    .toReversed()
    .map((place): ObjectLines => {
      if (place === lines.length) return { nameLine: undefined, phaseLine: undefined };
      let phase = place;
      while (phase < end && !PHASE.test(lines[phase] as string)) phase++;
      const phaseLine = phase < end ? phase + 1 : undefined;
      end = place;
      return { nameLine: place + 1, phaseLine };
    })
    .reverse();
}

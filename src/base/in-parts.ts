/** Rows between two places at which a computation can be given up, or lets others have a turn: a millisecond or two of work. */
const ROWS_A_PART = 1_024;

/** Something that is computed in parts, with a chance to stop between them. */
export type InParts<T> = Generator<void, T>;

/** Does something for each of some rows. */
export function* eachRow(rows: number, act: (row: number) => void): InParts<void> {
  for (let from = 0; from < rows; from += ROWS_A_PART) {
    if (from > 0) yield;
    const until = Math.min(rows, from + ROWS_A_PART);
    for (let row = from; row < until; row++) act(row);
  }
}

/** The same in one go. */
export function inOneGo<T>(parts: InParts<T>): T {
  for (;;) {
    const part = parts.next();
    if (part.done === true) return part.value;
  }
}

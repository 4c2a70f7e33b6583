/** A line as it was before: several where line ends were written in another way. */
type Undo = (line: string) => readonly string[];

/**
 * Something that a way to copy text does to it.
 * @param lines the first ones of a file
 * @returns undefined where nothing looks like it
 */
export type Step = (lines: readonly string[]) => Undo | undefined;

/** Shorter lines are not worth cutting. */
const SHORTEST = 60;
/** Lines whose lengths are the same by chance differ in more than their figures. */
const LAST = 12;
/** What tools put in place of what they leave out. */
const MARK = /(?:…|\.{3}|[[(<]truncated[\])>])$/;
const LONGEST_MARK = 11;
const BRACE = 0x7d;

/**
 * The length at which `cut -c`, a terminal or a log store has cut the lines of a file, by its first lines: several that end
 * differently have it, and none is longer. Undefined where nothing shows that.
 */
export function cutWidthOf(lines: readonly string[]): number | undefined {
  let width = SHORTEST;
  let ends = new Set<string>();
  for (const line of lines) {
    if (line.length < width) continue;
    if (line.length > width) [width, ends] = [line.length, new Set()];
    // With its last brace a line is whole.
    if (line.charCodeAt(line.length - 1) !== BRACE) ends.add(line.slice(-LAST).replaceAll(/\d+/g, '0'));
  }
  return ends.size > 1 ? width : undefined;
}

/** Whether a line says of itself that its end is left out. */
export function isMarkedCut(line: string): boolean {
  return line.charCodeAt(line.length - 1) !== BRACE && MARK.test(line.slice(-LONGEST_MARK));
}

/** The highest number that the names of runs end with, as `embedded 7` does; 0 where none has one. */
export function highestNumber(runs: readonly { readonly name: string }[]): number {
  return Math.max(0, ...runs.map(({ name }) => Number(/ (\d{1,9})$/.exec(name)?.[1] ?? 0)));
}

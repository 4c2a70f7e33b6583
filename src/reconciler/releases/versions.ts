import type { Release } from './release.ts';

/**
 * The release that stands for a version: of the same `MAJOR.MINOR` the last one that is not later, or else the first one;
 * where there is none, the last one before it; before all, the first. What comes after every published one is as the last
 * in the list.
 */
export function nearestTo(version: string, releases: readonly Release[]): Release | undefined {
  const wanted = numbersOf(version);
  if (wanted === undefined) return undefined;
  const published = releases.flatMap((release) =>
    release.versions.map((text) => ({ release, numbers: numbersOf(text) ?? [] })),
  );
  const reached = published.filter(({ numbers }) => !isBefore(wanted, numbers));
  if (reached.length === published.length && !isSameMinor(reached.at(-1)?.numbers, wanted)) return releases.at(-1);
  const sameMinor = published.filter(({ numbers }) => isSameMinor(numbers, wanted));
  const near = sameMinor.findLast((one) => reached.includes(one)) ?? sameMinor[0] ?? reached.at(-1) ?? published[0];
  return near?.release;
}

function numbersOf(version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-[\w.]+)?$/.exec(version);
  return match?.slice(1).map((part) => Number(part ?? 0));
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const differs = version.findIndex((number, index) => number !== other[index]);
  return differs >= 0 && (version[differs] as number) < (other[differs] as number);
}

function isSameMinor(one: readonly number[] = [], other: readonly number[] = []): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

import { likelyWord } from '../../base/likely-word.ts';
import type { Release } from './release.ts';

/**
 * What GitHub has published of the controller and its scale sets, by the tags gha-runner-scale-set-VERSION of ARC's
 * repository, from the first minor version on that a release of the list is of.
 */
const PUBLISHED = '0.9.0 0.9.1 0.9.2 0.9.3 0.10.0 0.10.1 0.11.0 0.12.0 0.12.1 0.13.0 0.13.1 0.14.0 0.14.1 0.14.2'.split(
  ' ',
);

/** Published versions from the first one on that a release of a list is. */
export function publishedFrom(releases: readonly Release[]): readonly string[] {
  const first = PUBLISHED.findIndex((version) => releases.some(({ versions }) => versions.includes(version)));
  return PUBLISHED.slice(Math.max(0, first));
}

/** Published versions that no release of a list is exactly. */
export function unlistedIn(releases: readonly Release[]): readonly string[] {
  return PUBLISHED.filter((version) => releases.every(({ versions }) => !versions.includes(version)));
}

/** Published versions that are not among some names. */
export function publishedBeside(names: readonly string[]): readonly string[] {
  return PUBLISHED.filter((version) => !names.includes(version));
}

/** What people call the newest, unreleased state. */
const MAIN_BRANCH = new Set(['main', 'master', 'head', 'trunk', 'newest', 'edge', 'nightly']);

/**
 * What is probably meant by a text that names no version here: one of the names in other letters or mistyped, the last release
 * where the main branch is named, or the release that is nearest to a version; undefined where nothing is near.
 */
export function meantVersion(text: string, names: readonly string[], releases: readonly Release[]): string | undefined {
  const typed = text
    .trim()
    .toLowerCase()
    .replace(/^(?:arc[-_ ]?)?v?/, '');
  if (typed === '') return undefined;
  if (MAIN_BRANCH.has(typed)) return releases.at(-1)?.id;
  const written = [typed, `0.${typed}`, typed.replaceAll('_', '.'), typed.replace(/[-+].*$/, '')];
  const same = written.find((one) => names.includes(one));
  if (same !== undefined) return same;
  return isVersion(typed) ? nearestTo(typed, releases)?.id : likelyWord(typed, names);
}

/** Whether a text looks like a version of ARC. */
export function isVersion(text: string): boolean {
  return numbersOf(text) !== undefined;
}

/** A version in full, as a tag has it: `0.14` names the newest patch of 0.14 that was published, as it does in package managers. */
export function fullVersion(text: string): string {
  const plain = text.replace(/^v/, '');
  if (!/^\d+\.\d+$/.test(plain)) return plain;
  return PUBLISHED.findLast((version) => version.startsWith(`${plain}.`)) ?? `${plain}.0`;
}

/** Whether people can have this version: a published one, or one that a release is; `v0.13.1` and `0.13` are versions too. */
export function isKnown(version: string, releases: readonly Release[]): boolean {
  // Of what was published nothing has a suffix.
  const wanted = version.includes('-') ? undefined : numbersOf(version)?.join('.');
  return [...PUBLISHED, ...releases.flatMap(({ versions }) => versions)].some((known) => known === wanted);
}

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
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-[\w.]+)?$/.exec(fullVersion(version));
  return match?.slice(1).map((part) => Number(part ?? 0));
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const differs = version.findIndex((number, index) => number !== other[index]);
  return differs >= 0 && (version[differs] as number) < (other[differs] as number);
}

function isSameMinor(one: readonly number[] = [], other: readonly number[] = []): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

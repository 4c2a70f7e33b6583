import type { Release } from '../reconciler/releases/release.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { fullVersion, isKnown, isVersion } from '../reconciler/releases/versions.ts';
import { UnknownVersionError, UpgradeError } from './upgrade-error.ts';

/** A version of ARC, and what it does. */
export interface ArcVersion {
  /** As people write it: `0.13.1`; `latest` for the main branch. */
  readonly name: string;
  readonly release: Release;
  /** What stands for it where it is not known; undefined where it is. */
  readonly takenFor: string | undefined;
}

/**
 * A version that somebody names: one that `arc-lab run` takes too.
 * @throws UnknownVersionError
 */
export function arcVersion(text: string): ArcVersion {
  const named = RELEASES.all.find(({ id }) => id === text);
  if (named !== undefined && named === RELEASES.all.at(-1)) return { name: text, release: named, takenFor: undefined };
  // The name of a mode is none that a chart has.
  const version = named === undefined || isVersion(text) ? text : (named.versions.at(-1) ?? text);
  if (!isKnown(version, RELEASES.all)) throw new UnknownVersionError(unknownText(text));
  return nearestVersion(version);
}

/**
 * The version that an object of a cluster shows. What is not published is taken for the nearest that is.
 * @throws UpgradeError where it is older than every version that is known, or none of ARC
 */
export function shownVersion(text: string): ArcVersion {
  const version = nearestVersion(text);
  const isOld = isBefore(version.name, RELEASES.published[0] ?? '');
  if (isOld && !isKnown(text, RELEASES.all)) throw new UpgradeError(unknownText(text));
  return version;
}

function nearestVersion(text: string): ArcVersion {
  const name = fullVersion(text);
  const release = RELEASES.find(name) ?? RELEASES.ofVersion(name);
  if (release === undefined) throw new UpgradeError(unknownText(text));
  if (RELEASES.published.includes(name)) return { name, release, takenFor: undefined };
  return { name, release, takenFor: release.versions[0] ?? `${release.id}, ARC's ${release.words.era}` };
}

function unknownText(text: string): string {
  const before = RELEASES.others.filter((one) => !RELEASES.published.includes(one));
  const versions = [...before, ...RELEASES.published].join(', ');
  return `${JSON.stringify(text)} is no version of ARC that is known here; versions are ${versions} and latest${RELEASES.ids.includes(text) ? '' : RELEASES.meantText(text)}`;
}

/** Whether a version is older than another: of published ones by their place, `latest` last. */
export function isOlder(one: ArcVersion, other: ArcVersion): boolean {
  if (one.release === other.release || isNumbered(one) === isNumbered(other)) return isBefore(one.name, other.name);
  return RELEASES.position(one.release.id) < RELEASES.position(other.release.id);
}

function isNumbered({ name }: ArcVersion): boolean {
  return /^\d/.test(name);
}

function isBefore(one: string, other: string): boolean {
  return one.localeCompare(other, 'en', { numeric: true }) < 0;
}

import type { Release } from '../reconciler/releases/release.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { UpgradeError } from './upgrade-error.ts';

/** A version of ARC, and what it does. */
export interface ArcVersion {
  /** As people write it: `0.13.1`; `latest` for the main branch. */
  readonly name: string;
  readonly release: Release;
  /** What stands for it where it is not known; undefined where it is. */
  readonly takenFor: string | undefined;
}

/** Published versions that lack a few pull requests of the release that stands for them in a run. */
const LACKING: Readonly<Record<string, string>> = {
  '0.12.0': '0.12.1-4142-4152',
  '0.13.0': '0.13.1-4289-4299-4305-4320-4324-4332-4340',
};

/**
 * The version that a cluster runs, or is to run. What is not published is taken for the nearest that is.
 * @throws UpgradeError where the text names no version of ARC
 */
export function arcVersion(text: string): ArcVersion {
  const named = RELEASES.all.find(({ id }) => id === text);
  if (named !== undefined) return { name: text, release: named, takenFor: undefined };
  const name = /^v?(\d+\.\d+)$/.test(text) ? `${text.replace(/^v/, '')}.0` : text.replace(/^v/, '');
  if (RELEASES.published.includes(name)) {
    const release = RELEASES.get(LACKING[name] ?? name);
    return { name, release, takenFor: undefined };
  }
  const nearest = RELEASES.ofVersion(name);
  if (nearest === undefined || isBefore(name, RELEASES.published[0] ?? '')) {
    throw new UpgradeError(
      `${JSON.stringify(text)} is no version of ARC that is known here; versions are ${RELEASES.published.join(', ')} and latest`,
    );
  }
  const takenFor = nearest.versions[0] ?? `${nearest.id}, ARC's ${nearest.words.era}`;
  return { name, release: nearest, takenFor };
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

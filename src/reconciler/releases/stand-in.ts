import type { ReleaseList } from './release-list.ts';
import { parseVaried } from './vary.ts';
import { fullVersion } from './versions.ts';

/** The release that runs in place of a version that is no mode of its own. */
export interface StandIn {
  /** As it was named, without pull requests. */
  readonly version: string;
  /** Id of the release. */
  readonly id: string;
  /** Whether the release says that it is that version too; else it is the nearest. */
  readonly isSame: boolean;
}

/**
 * @param name of a mode, which the list knows
 * @returns undefined where the name is a mode's own
 */
export function standInFor(name: string, releases: ReleaseList): StandIn | undefined {
  const version = parseVaried(name.trim())?.of ?? name.trim();
  if (version === '' || releases.ids.includes(version.toLowerCase().replace(/^v/, ''))) return undefined;
  const release = releases.get(version);
  return { version, id: release.id, isSame: release.versions.includes(fullVersion(version)) };
}

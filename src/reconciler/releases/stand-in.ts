import type { ReleaseList } from './release-list.ts';
import type { Switch } from './switches.ts';
import { parseVaried } from './vary.ts';
import { fullVersion } from './versions.ts';

/** What runs for a version that is not in the list of releases. */
export interface StandIn {
  /** As it was named, without pull requests. */
  readonly version: string;
  /** Id of the release that runs. */
  readonly id: string;
  /**
   * Id of the release of the list that does the same, but for pull requests that the version lacks; undefined where the
   * version is named without its patch, or where another one, the nearest, runs in its place.
   */
  readonly listed: string | undefined;
  readonly lacks: readonly Switch[];
  /** Whether what runs is another version. */
  readonly isNearest: boolean;
}

/**
 * @param name of a mode, which the list knows
 * @returns undefined where the name is a mode's own
 */
export function standInFor(name: string, releases: ReleaseList): StandIn | undefined {
  const version = parseVaried(name.trim())?.of ?? name.trim();
  const plain = version.replace(/^v/, '');
  if (version === '' || releases.ids.includes(plain.toLowerCase())) return undefined;
  const { id, versions, switches, listed } = releases.get(version);
  const of = listed === undefined ? undefined : releases.find(listed);
  const lacks = [...(of?.switches ?? [])].filter((one) => !switches.has(one));
  const isExact = id === plain;
  return {
    version,
    id,
    listed: isExact ? listed : undefined,
    lacks,
    isNearest: !versions.includes(fullVersion(version)),
  };
}

import type { Release } from '../evidence/release.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';

/** The releases of ours that may have written a part of a log, unpublished ones between them included; all where nothing tells. */
export function releasesOf(release: Release | undefined): readonly string[] {
  const versions = release?.versions ?? RELEASES.published;
  const positions = versions.flatMap((version) => {
    const release = RELEASES.ofVersion(version);
    return release === undefined ? [] : [RELEASES.position(release.id)];
  });
  const isUpToDate = versions.at(-1) === RELEASES.published.at(-1);
  const last = isUpToDate ? RELEASES.ids.length - 1 : Math.max(...positions);
  return RELEASES.ids.slice(Math.min(...positions), last + 1);
}

import type { Reading } from '../evidence/reading.ts';
import { releaseOf } from '../evidence/release.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';

/** The releases of ours that may have written a log, unpublished ones between them included; all where nothing tells. */
export function releasesOf(reading: Reading): readonly string[] {
  const versions = releaseOf(reading)?.versions ?? RELEASES.published;
  const positions = versions.flatMap((version) => {
    const release = RELEASES.ofVersion(version);
    return release === undefined ? [] : [RELEASES.position(release.id)];
  });
  const isUpToDate = versions.at(-1) === RELEASES.published.at(-1);
  const last = isUpToDate ? RELEASES.ids.length - 1 : Math.max(...positions);
  return RELEASES.ids.slice(Math.min(...positions), last + 1);
}

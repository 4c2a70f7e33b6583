import { t } from '@vscode/l10n';
import type { Explanation } from '../evidence/explain.ts';
import { loggedAs } from '../reconciler/releases/logged-as.ts';

/**
 * That a log was written by another release than the one that runs, in one sentence; undefined where it may
 * be the same.
 * @param runs name of the version that runs
 */
export function otherReleaseText({ release }: Explanation, runs: string): string | undefined {
  if (release === undefined) return undefined;
  if (release.versions.some((version) => loggedAs(runs).includes(version))) return undefined;
  return t(
    'The log given with --log is of ARC {0}, but {1} runs; for the effect of this upgrade give a log that {1} has written.',
    release.text,
    runs,
  );
}

import { t } from '@vscode/l10n';
import type { Simulation } from '../fit/log-fit.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { isKnown } from '../reconciler/releases/versions.ts';

/** That nobody knows here the release that a log names, and which was simulated in its place, in a sentence; none where it is known. */
export function standInTexts({ slow: { release }, fit }: Simulation): string[] {
  const version = release?.isFromMessages === false ? release.versions.at(-1) : undefined;
  if (version === undefined || isKnown(version, RELEASES.all)) return [];
  const { id, words } = RELEASES.get(fit.run.settings.mode);
  return [
    t(
      'ARC {0} is not known here: {1} ({2}) stands for it, and what {0} changed is not simulated.',
      version,
      id,
      words.era,
    ),
  ];
}

import { t } from '@vscode/l10n';
import { inWords } from '../base/count-words.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { standInFor } from '../reconciler/releases/stand-in.ts';

/**
 * What runs for a version that somebody has named and that is no mode of its own, as a sentence; undefined for a mode.
 * @param name that the list knows
 */
export function standInText(name: string, releases = RELEASES): string | undefined {
  const standIn = standInFor(name, releases);
  if (standIn === undefined) return undefined;
  const { version, id, listed, lacks, isNearest } = standIn;
  if (isNearest) return t('{0} is run as {1}, the nearest of the modes.', version, id);
  if (listed === undefined) return t('{0} is run as {1}.', version, id);
  return lacks.length === 0
    ? t('{0} is run as {1}, which does the same.', version, listed)
    : t('{0} is run as {1} without what it lacks of it: {2}.', version, listed, inWords(lacks.map((one) => `#${one}`)));
}

import { t } from '@vscode/l10n';
import { gistOf } from '../../explain/release-words.ts';
import type { Release } from '../../reconciler/releases/release.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { inWords } from '../../base/count-words.ts';

/** Takes the place of a mode: those that are compared where nothing else is asked for. */
export const BOTH = 'both';

/** One mode, several, or `both`. */
export type Modes = string | readonly string[];

interface ModeChoice {
  readonly label: string;
  readonly description: string;
  readonly value: { readonly mode: Modes; readonly held?: boolean };
}

/**
 * The modes that are named, each once.
 * @throws Error that names those there are
 */
export function modesOf(named: Modes = BOTH, releases = RELEASES): readonly string[] {
  const modes = named === BOTH ? releases.comparison : [named].flat();
  const unknown = modes.find((mode) => releases.find(mode) === undefined);
  if (unknown !== undefined || modes.length === 0) {
    throw new Error(t('Unknown mode {0}; modes are {1}.', String(unknown ?? ''), inWords([...releases.ids, BOTH])));
  }
  return [...new Set(modes)];
}

/** The default, then the others from the oldest to the newest. */
export function defaultFirst({ all, default: usual } = RELEASES): readonly Release[] {
  return [usual, ...all.filter((release) => release !== usual)];
}

/** What can be chosen of the releases, the likeliest first. */
export function modeChoices(write: boolean, isAttached: boolean, releases = RELEASES): ModeChoice[] {
  const { comparison, default: usual, ids } = releases;
  const each = defaultFirst(releases).map((release) => ({
    label: release.id,
    description: gistOf(release),
    value: { mode: release.id },
  }));
  if (write) return each;
  const together = [
    {
      label: t('Both, side by side'),
      description: t('{0} on one time axis', comparison.join(t(' above '))),
      value: { mode: BOTH },
    },
    ...(ids.length === comparison.length
      ? []
      : [
          {
            label: t('All, side by side'),
            description: t('{0} on one time axis', ids.join(t(' above '))),
            value: { mode: ids },
          },
        ]),
  ];
  const held = {
    label: t('Look first'),
    description: t('shows the current state; reconciles nothing until you start it'),
    value: { mode: usual.id, held: true },
  };
  return [...together, ...each, ...(isAttached ? [held] : [])];
}

import { t } from '@vscode/l10n';
import { gistOf } from '../../explain/release-words.ts';
import type { Release } from '../../reconciler/releases/release.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { standInText } from '../../run/stand-in-words.ts';
import { inWords } from '../../base/count-words.ts';

/** Takes the place of a mode: those that are compared where nothing else is asked for. */
export const BOTH = 'both';

/** One mode, several, or `both`. */
export type Modes = string | readonly string[];

/** The modes of a run, and whether it only looks at first. */
export interface ModeAnswer {
  readonly mode: Modes;
  readonly held?: boolean;
}

export interface ModeChoice {
  readonly label: string;
  readonly description: string;
  readonly value: ModeAnswer;
}

/**
 * The modes that are named, each once: releases, published versions, for which the nearest release stands, and releases with
 * single pull requests added or left out.
 * @throws Error that names those there are, or says which pull requests do not go together
 */
export function modesOf(named: Modes = BOTH, releases = RELEASES): readonly string[] {
  return modesNamed(named === BOTH ? releases.comparison : [named].flat(), releases);
}

/** @throws Error as modesOf() does */
export function modesNamed(names: readonly string[], releases = RELEASES): readonly string[] {
  if (names.length === 0) throw new Error(t('No mode is named; modes are {0}.', inWords([...releases.ids, BOTH])));
  return [...new Set(names.map((name) => releases.get(name.trim()).id))];
}

/** Which releases stand for the versions of a text that are none; empty where all are. */
export function versionNote(text: string, releases = RELEASES): string {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  return names.flatMap((name) => standInText(name, releases) ?? []).join(' ');
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

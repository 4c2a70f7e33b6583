import { t } from '@vscode/l10n';
import { inWords } from '../base/count-words.ts';
import type { Release } from '../reconciler/releases/release.ts';
import { isDescribed } from '../reconciler/releases/switches.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';

/** In which part of ARC's history a mode lies; empty for one that is not in the list. */
export function eraOf(mode: string, releases = RELEASES): string {
  return translated(releases.find(mode)?.words.era ?? '');
}

/** `0.12.1 (new)`: a release by its newest published version, with its own name where that is another. */
export function versionNameOf(mode: string, releases = RELEASES): string {
  const version = releases.get(mode).versions.at(-1) ?? mode;
  return version === mode ? mode : `${version} (${mode})`;
}

/** What is seen of a release, beside its name in a list. */
export function gistOf({ words }: Release): string {
  return translated(words.gist);
}

/** What the modes of a picture are, for people who see it without having chosen them. */
export function aboutModes(modes: readonly string[], releases = RELEASES): string {
  const known = modes.flatMap((mode) => releases.find(mode) ?? []);
  return known.map(({ id, words }) => t('{0} is {1}.', id, translated(words.about))).join(' ');
}

/**
 * A sentence for each mode that does in part what nobody has recorded: pull requests that are in no release do here what
 * their descriptions say. It stands wherever figures of such a mode are shown.
 */
export function describedSentences(modes: readonly string[], releases = RELEASES): readonly string[] {
  return [...new Set(modes)].flatMap((mode) => {
    const numbers = releases.find(mode)?.variation?.with.filter(isDescribed) ?? [];
    if (numbers.length === 0) return [];
    const [number] = numbers;
    if (numbers.length > 1) {
      return [
        t(
          '{0} was not recorded in full: it is modelled on pull requests {1}, from their descriptions.',
          mode,
          inWords(numbers.map(String)),
        ),
      ];
    }
    return [
      t('{0} was not recorded in full: it is modelled on pull request {1}, from its description.', mode, number ?? ''),
    ];
  });
}

/** The texts lie in the releases' data; a test sees to it that the bundle has them. */
function translated(text: string): string {
  return text === '' ? '' : t(text);
}

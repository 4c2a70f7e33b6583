import { t } from '@vscode/l10n';
import { inWords } from '../base/count-words.ts';
import { likelyWord } from '../base/likely-word.ts';

/** What may have been meant by a word that is none of those there are, or all of these: the end of a sentence. */
export function meantOf(word: string, words: readonly string[]): string {
  const meant = likelyWord(word, words);
  return meant === undefined ? t(': there are {0}.', inWords(words)) : t('; did you mean {0}?', meant);
}

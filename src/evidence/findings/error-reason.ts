import { t } from '@vscode/l10n';
import { githubAnswer } from '../service-trouble.ts';
import { endOf } from '../words.ts';

const DENIED = /admission webhook "([^"]+)" denied the request: ?(.*)/s;
const MOST_WORDS = 12;

/** Why a pass failed, in so few words that a sentence can end with it. */
export function errorReason(error: string): string {
  const answer = githubAnswer(error);
  if (answer !== undefined) return answer;
  const [, webhook = '', why = ''] = DENIED.exec(error) ?? [];
  if (webhook === '') return endOf(error, MOST_WORDS);
  const [said = ''] = why
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split(/(?<=\w{3})\. (?=[A-Z])/);
  return t('webhook {0} denied it: {1}', webhook, endOf(said, MOST_WORDS - 4));
}

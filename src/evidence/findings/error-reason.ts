import { t } from '@vscode/l10n';
import { githubAnswer } from '../service-trouble.ts';
import { endOf, shortened } from '../words.ts';

const DENIED = /admission webhook "([^"]+)" denied the request: ?(.*)/s;
/** GitHub answers 404 to a session that it has ended itself. */
export const SESSION_ENDED =
  /session ID that doesn't exist|refresh (?:the )?message session\b.*(?:\b404\b|not ?found)/is;
const MOST_WORDS = 12;
/** Errors whose end is not their reason. */
const KNOWN: readonly (readonly [RegExp, (error: string) => string])[] = [
  [/certificate has expired or is not yet valid: current time \S+ is after/i, () => t('the certificate has expired')],
  [
    /certificate has expired or is not yet valid: current time \S+ is before/i,
    () => t('the certificate is not valid yet'),
  ],
  [/violates PodSecurity/i, (error) => shortened(error.slice(error.search(/violates PodSecurity/i)), MOST_WORDS)],
];

/** Why a pass failed, in so few words that a sentence can end with it. */
export function errorReason(error: string): string {
  if (SESSION_ENDED.test(error)) return t("GitHub no longer has the listener's session");
  const answer = githubAnswer(error);
  if (answer !== undefined) return answer;
  const known = KNOWN.find(([says]) => says.test(error));
  if (known !== undefined) return known[1](error);
  const [, webhook = '', why = ''] = DENIED.exec(error) ?? [];
  if (webhook === '') return endOf(error, MOST_WORDS);
  const [said = ''] = why
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split(/(?<=\w{3})\. (?=[A-Z])/);
  return t('webhook {0} denied it: {1}', webhook, endOf(said, MOST_WORDS - 4));
}

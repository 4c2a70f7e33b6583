import { t } from '@vscode/l10n';
import { formatDuration, parseDurationUs } from '../base/duration.ts';
import type { Replacement } from '../debug/edits.ts';

/** What has become of the answer to a request, in a sentence. @param request in a few words */
export function replacementText(replacement: Replacement, request: string): string {
  switch (replacement.kind) {
    case 'status':
      return replacement.delayUs === 0
        ? t('{0} is answered with {1}.', request, replacement.status)
        : t('{0} is answered with {1} after {2}.', request, replacement.status, formatDuration(replacement.delayUs));
    case 'late':
      return t('{0} is answered {1} later.', request, formatDuration(replacement.delayUs));
    case 'lost':
      return t('The answer to {0} is lost.', request);
    case 'never':
      return t('{0} is never answered.', request);
    case 'value':
      return t('{0} is answered with another value.', request);
  }
}

/**
 * What an answer becomes when somebody sets one of its fields.
 * @param was the status that it has, and after how many microseconds it comes; a refusal takes as long
 * @returns a sentence when the field cannot have the value
 */
export function parseReplacement(
  name: string,
  text: string,
  was: { readonly status: number; readonly afterUs: number },
): Replacement | string {
  const value = text.trim().replace(/^"(.*)"$/, '$1');
  if (name === 'status') {
    const wanted = Number(value);
    if (!Number.isInteger(wanted) || wanted < 400 || wanted > 599)
      return t('An answer can be turned into a refusal from 400 to 599, not {0}.', value);
    return { kind: 'status', status: wanted, delayUs: was.afterUs };
  }
  if (name === 'delay') {
    const delayUs = parseDurationUs(value.replaceAll(' ', ''));
    if (delayUs === undefined) return t('A delay is written like 200ms or 1.5s, not {0}.', value);
    return was.status >= 400 ? { kind: 'status', status: was.status, delayUs } : { kind: 'late', delayUs };
  }
  if (name === 'lost' || name === 'never') {
    if (value === 'true') return { kind: name };
    // Without a change it is neither.
    return t('{0} takes true, not {1}; "future 0" goes back to the answer without a change.', name, value);
  }
  return t('{0} cannot be set to {1}.', name, value);
}

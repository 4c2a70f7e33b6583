import { t } from '@vscode/l10n';
import { formatDuration, parseDurationUs } from '../base/duration.ts';
import type { Replacement } from '../debug/edits.ts';

/** What an answer is before somebody changes it. Times are microseconds. */
interface Answered {
  readonly status: number;
  /** How long the client holds the request back. */
  readonly heldBackUs: number;
  /** After how long the answer comes, counted from when the request is sent. */
  readonly afterUs: number;
  /** The same where nobody has changed the answer. */
  readonly usualUs: number;
}

/** What has become of the answer to a request, in a sentence. @param request in a few words */
export function replacementText(replacement: Replacement, request: string, was: Answered): string {
  const { heldBackUs, usualUs } = was;
  switch (replacement.kind) {
    case 'status': {
      const { status, delayUs } = replacement;
      return delayUs === 0
        ? t('{0} is answered with {1}.', request, status)
        : t('{0} is answered with {1} after {2}.', request, status, formatDuration(heldBackUs + delayUs));
    }
    case 'late':
      return t('{0} is answered after {1}.', request, formatDuration(heldBackUs + usualUs + replacement.delayUs));
    case 'lost':
      return t('The answer to {0} is lost.', request);
    case 'never':
      return t('{0} is never answered.', request);
    case 'value':
      return t('{0} is answered with another value.', request);
  }
}

/**
 * What an answer becomes when somebody sets one of its fields. A refusal takes as long as the answer before it.
 * @returns a sentence when the field cannot have the value
 */
export function parseReplacement(name: string, text: string, was: Answered): Replacement | string {
  const value = text.trim().replace(/^"(.*)"$/, '$1');
  if (name === 'status') {
    const wanted = Number(value);
    if (!Number.isInteger(wanted) || wanted < 400 || wanted > 599)
      return t('An answer can be turned into a refusal from 400 to 599, not {0}.', value);
    return { kind: 'status', status: wanted, delayUs: was.afterUs };
  }
  if (name === 'delay') return delayed(value, was);
  if (name === 'lost' || name === 'never') {
    if (value === 'true') return { kind: name };
    // Without a change it is neither.
    return t('{0} takes true, not {1}; "future 0" goes back to the answer without a change.', name, value);
  }
  return t('{0} cannot be set to {1}.', name, value);
}

/** The whole delay is set, from when the pass asks until it is answered. */
function delayed(value: string, { status, heldBackUs, usualUs }: Answered): Replacement | string {
  const wantedUs = parseDurationUs(value.replaceAll(' ', ''));
  if (wantedUs === undefined) return t('A delay is written like 200ms or 1.5s, not {0}.', value);
  const isRefused = status >= 400;
  const leastUs = heldBackUs + (isRefused ? 0 : usualUs);
  if (wantedUs < leastUs)
    return t('The answer comes after {0} by itself: it can be later, not sooner.', formatDuration(leastUs));
  const delayUs = wantedUs - leastUs;
  return isRefused ? { kind: 'status', status, delayUs } : { kind: 'late', delayUs };
}

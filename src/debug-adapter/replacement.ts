import { t } from '@vscode/l10n';
import { parseDurationUs } from '../base/duration.ts';
import type { Replacement } from '../debug/edits.ts';

/**
 * What an answer becomes when somebody sets one of its fields.
 * @param status that it has
 * @returns a sentence when the field cannot have the value
 */
export function parseReplacement(name: string, text: string, status: number): Replacement | string {
  const value = text.trim().replace(/^"(.*)"$/, '$1');
  if (name === 'status') {
    const wanted = Number(value);
    if (!Number.isInteger(wanted) || wanted < 400 || wanted > 599)
      return t('An answer can be turned into a refusal from 400 to 599, not {0}.', value);
    return { kind: 'status', status: wanted, delayUs: 0 };
  }
  if (name === 'delay') {
    const delayUs = parseDurationUs(value.replaceAll(' ', ''));
    if (delayUs === undefined) return t('A delay is written like 200ms or 1.5s, not {0}.', value);
    return status >= 400 ? { kind: 'status', status, delayUs } : { kind: 'late', delayUs };
  }
  if ((name === 'lost' || name === 'never') && value === 'true') return { kind: name };
  return t('{0} cannot be set to {1}.', name, value);
}

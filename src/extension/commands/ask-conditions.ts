import * as vscode from 'vscode';
import { capital } from '../../base/capital.ts';
import { formatDuration, parseDurationUs } from '../../base/duration.ts';
import { faultsText, parseFaults, type ConditionsDocument } from '../../run/conditions-control.ts';
import { askText } from './question.ts';

export type Conditions = Partial<ConditionsDocument>;

/** A duration, as text that can be typed again; undefined when the question was left. */
export async function askDuration(title: string, us: number): Promise<number | undefined> {
  const { t } = vscode.l10n;
  const text = await askText({
    title,
    value: formatDuration(us).replaceAll(' ', '').replace('min', 'm'),
    validateInput: (value) =>
      parseDurationUs(value) === undefined
        ? t('{0} is not a duration like 200ms or 1.5s', JSON.stringify(value))
        : undefined,
  });
  return text === undefined ? undefined : parseDurationUs(text);
}

/**
 * The faults to come, in place of those there are.
 * @param now faults that are there to be changed
 * @returns undefined when the question was left
 */
export async function askFaults(now: Conditions): Promise<Conditions | undefined> {
  const { t } = vscode.l10n;
  const text = await askText({
    title: t('Fail requests…'),
    prompt: t(
      'Verb, resource, status and how often: create pods 500 3. Of the service: generatejitconfig 503 2. Several with commas, none for no faults',
    ),
    value: faultsText(now) || 'create pods 500 3',
    validateInput: (value) => {
      const parsed = parseFaults(value);
      return typeof parsed === 'string' ? sentence(parsed) : undefined;
    },
  });
  const parsed = text === undefined ? undefined : parseFaults(text);
  return typeof parsed === 'string' ? undefined : parsed;
}

function sentence(text: string): string {
  return `${capital(text)}.`;
}

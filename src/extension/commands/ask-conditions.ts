import * as vscode from 'vscode';
import { formatDuration, parseDurationUs } from '../../base/duration.ts';
import { parseFault, type ConditionsDocument } from '../../run/conditions-control.ts';
import { askText } from './question.ts';

export type Conditions = Partial<ConditionsDocument>;

/** A duration, as text that can be typed again; undefined when the question was left. */
export async function askDuration(title: string, us: number): Promise<number | undefined> {
  const { t } = vscode.l10n;
  const text = await askText({
    title,
    value: formatDuration(us).replaceAll(' ', '').replace('min', 'm'),
    validateInput: (value) => (parseDurationUs(value) === undefined ? t('A duration like 200ms or 1.5s') : undefined),
  });
  return text === undefined ? undefined : parseDurationUs(text);
}

/** The conditions with one more fault; undefined when the question was left. */
export async function askFault(now: Conditions): Promise<Conditions | undefined> {
  const { t } = vscode.l10n;
  const text = await askText({
    title: t('Fail requests…'),
    prompt: t('Verb, resource, status and how often: create pods 500 3. Of the service: generatejitconfig 503 2'),
    value: 'create pods 500 3',
    validateInput: (value) => {
      const parsed = parseFault(value) ?? t('Like: create pods 500 3');
      return typeof parsed === 'string' ? parsed : undefined;
    },
  });
  const parsed = text === undefined ? undefined : parseFault(text);
  if (parsed === undefined || typeof parsed === 'string') return undefined;
  return 'fault' in parsed
    ? { faults: [...(now.faults ?? []), parsed.fault] }
    : { actionsFaults: [...(now.actionsFaults ?? []), parsed.serviceFault] };
}

import * as vscode from 'vscode';
import { formatDuration, parseDurationUs } from '../../base/duration.ts';
import { parseFault, type ConditionsDocument } from '../../lab/conditions-control.ts';
import type { LabContext } from '../lab-context.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import type { ShownSession } from '../run.ts';
import { chooseSession } from './choose-session.ts';

const hasConditions = ({ ended, lab }: ShownSession): boolean => !ended && lab.conditions !== undefined;

/** Makes the embedded cluster or its Actions service slow or failing, while a session runs on them. */
export async function changeConditions(
  lab: LabContext,
  node: RunnerTreeNode | undefined,
  given?: Partial<ConditionsDocument>,
): Promise<void> {
  const session = await chooseSession(lab, node, hasConditions, vscode.l10n.t('In which session?'));
  const conditions = session?.lab.conditions;
  if (conditions === undefined) return;
  const change = given ?? (await ask(conditions.document));
  if (change !== undefined) conditions.change(change);
}

async function ask(now: ConditionsDocument): Promise<Partial<ConditionsDocument> | undefined> {
  const { t } = vscode.l10n;
  const latencies: readonly { label: string; key: 'apiLatencyUs' | 'jitLatencyUs' }[] = [
    { label: t('Latency of the Kubernetes API'), key: 'apiLatencyUs' },
    { label: t('Latency of generatejitconfig'), key: 'jitLatencyUs' },
  ];
  const fail = { label: t('Fail requests…'), description: t('reject the next matching requests with an HTTP status') };
  const clear = { label: t('Clear faults'), description: t('{0} waiting', now.faults.length) };
  const choices: (vscode.QuickPickItem & { key?: 'apiLatencyUs' | 'jitLatencyUs' })[] = [
    ...latencies.map((choice) => ({ ...choice, description: formatDuration(now[choice.key]) })),
    fail,
    ...(now.faults.length === 0 ? [] : [clear]),
  ];
  const chosen = await vscode.window.showQuickPick(choices, { title: t('ARC: Change Conditions') });
  if (chosen === undefined) return undefined;
  if (chosen.key !== undefined) {
    const text = await vscode.window.showInputBox({
      title: chosen.label,
      value: (chosen.description ?? '').replaceAll(' ', ''),
      validateInput: (value) => (parseDurationUs(value) === undefined ? t('A duration like 200ms or 1.5s') : undefined),
    });
    const us = text === undefined ? undefined : parseDurationUs(text);
    return us === undefined ? undefined : { [chosen.key]: us };
  }
  return chosen === clear ? { faults: [] } : askFault(now);
}

async function askFault(now: ConditionsDocument): Promise<Partial<ConditionsDocument> | undefined> {
  const { t } = vscode.l10n;
  const text = await vscode.window.showInputBox({
    title: t('Fail requests…'),
    prompt: t('Verb, resource, status and how often: create pods 500 3. Of the service: generatejitconfig 503 2'),
    value: 'create pods 500 3',
    validateInput: (value) => (parseFault(value) === undefined ? t('Like: create pods 500 3') : undefined),
  });
  const parsed = text === undefined ? undefined : parseFault(text);
  if (parsed === undefined) return undefined;
  return 'fault' in parsed ? { faults: [...now.faults, parsed.fault] } : { actionsFaults: [parsed.serviceFault] };
}

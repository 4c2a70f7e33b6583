import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration.ts';
import { faultsText, type ConditionsDocument } from '../../run/conditions-control.ts';
import type { App } from '../app.ts';
import type { ShownSession } from '../run.ts';
import { askDuration, askFaults, type Conditions } from './ask-conditions.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';
import { askWhich } from './question.ts';

const hasConditions = ({ stopped, run }: ShownSession): boolean => !stopped && run.conditions !== undefined;

/** Makes the embedded cluster or its Actions service slow or failing, while a run goes on there. */
export async function changeConditions(app: App, on: CalledOn, given?: Conditions): Promise<void> {
  const sessions = await chooseSessions(app, on, hasConditions, vscode.l10n.t('Select a run'));
  const document = sessions[0]?.run.conditions?.document;
  if (document === undefined) return;
  const change = given ?? (await ask(document));
  if (change === undefined) return;
  for (const session of sessions) session.run.changeConditions(change);
}

async function ask(now: ConditionsDocument): Promise<Conditions | undefined> {
  const { t } = vscode.l10n;
  const latencies: readonly { label: string; key: 'apiLatencyUs' | 'jitLatencyUs' }[] = [
    { label: t('Latency of the Kubernetes API'), key: 'apiLatencyUs' },
    { label: t('Latency of generatejitconfig'), key: 'jitLatencyUs' },
  ];
  const fail = { label: t('Fail requests…'), description: t('reject the next matching requests with an HTTP status') };
  const clear = { label: t('Clear faults'), description: faultsText(now) };
  const choices: (vscode.QuickPickItem & { key?: 'apiLatencyUs' | 'jitLatencyUs' })[] = [
    ...latencies.map((choice) => ({ ...choice, description: formatDuration(now[choice.key]) })),
    fail,
    ...(faultsText(now) === '' ? [] : [clear]),
  ];
  const chosen = await askWhich(choices, { title: t('ARC: Change Conditions') });
  if (chosen === undefined) return undefined;
  if (chosen.key !== undefined) {
    const us = await askDuration(chosen.label, now[chosen.key]);
    return us === undefined ? undefined : { [chosen.key]: us };
  }
  return chosen === clear ? { faults: [], actionsFaults: [] } : askFaults({ faults: now.faults });
}

import * as vscode from 'vscode';
import { shortName } from '../../model/runner-table.ts';
import type { App } from '../app.ts';
import type { ListenerNode } from '../runner-nodes.ts';
import { askDuration } from './ask-conditions.ts';

/** Ends the listener as SIGKILL does: its session stays open at the Actions service. */
export function killListener(_app: App, { session }: ListenerNode): void {
  session.run.troubleListener({ do: 'kill' });
}

/** Puts the listener's pod out of its node. */
export function evictListener(_app: App, { session }: ListenerNode): void {
  session.run.troubleListener({ do: 'evict' });
}

/** @param given how much later each answer reaches it, in microseconds; asked for otherwise */
export async function slowListener(_app: App, { session }: ListenerNode, given?: number): Promise<void> {
  const byUs =
    given ?? (await askDuration(vscode.l10n.t('How much later does each answer reach the listener?'), 2_000_000));
  if (byUs !== undefined) session.run.troubleListener({ do: 'slow', byUs });
}

export async function copyListenerName(_app: App, { key }: ListenerNode): Promise<void> {
  await vscode.env.clipboard.writeText(shortName(key));
}

import * as vscode from 'vscode';
import { hindsightPage } from '../hindsight/hindsight-page.ts';
import type { Hindsight } from '../hindsight/point-of-no-return.ts';
import type { MarkedMoment } from '../protocol.ts';
import { Command, HINDSIGHT_PANEL } from './ids.ts';
import { newNonce } from './webview-page.ts';

interface Shown {
  readonly title: string;
  readonly note: string;
  /** Arguments of the command that shows a moment. @param atUs of the simulated run's clock */
  readonly momentAt: (atUs: number) => readonly [source: string, moment: MarkedMoment];
}

/** Shows an answer in a tab of its own. The page runs no script: its links are the one command that it may call. */
export function showHindsight(hindsight: Hindsight, { title, note, momentAt }: Shown): void {
  const panel = vscode.window.createWebviewPanel(HINDSIGHT_PANEL, title, vscode.ViewColumn.Active, {
    enableCommandUris: [Command.showMoment],
    enableFindWidget: true,
    localResourceRoots: [],
  });
  panel.webview.html = hindsightPage(hindsight, {
    ...{ title, note, language: vscode.env.language },
    nonce: newNonce(),
    linkTo: (atUs) => `command:${Command.showMoment}?${encodeURIComponent(JSON.stringify(momentAt(atUs)))}`,
  });
}

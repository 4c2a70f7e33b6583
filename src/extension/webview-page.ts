import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PageParts } from './page-html.ts';

type ShowOptions = Parameters<typeof vscode.window.createWebviewPanel>[2];

/** Makes a tab for a page. It can load nothing until it gets its page. */
export function createPagePanel(type: string, title: string, show: ShowOptions): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(type, title, show, {
    enableScripts: true,
    retainContextWhenHidden: false,
    localResourceRoots: [],
  });
}

/** A tab's icon is not tinted by the theme. */
export function setIcon(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  const icon = (name: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', name);
  panel.iconPath = { light: icon('icon-light.svg'), dark: icon('icon-dark.svg') };
}

/**
 * Lets a webview run a page of the extension, and nothing else.
 * @param name of the page's files in dist
 * @returns what its markup is made with
 */
export function allowPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  name: 'timeline' | 'what-if',
  title: string,
): PageParts {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const addressOf = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  return {
    title,
    script: addressOf(`${name}.js`),
    style: addressOf(`${name}.css`),
    cspSource: webview.cspSource,
    nonce: newNonce(),
    language: vscode.env.language,
    text: (message) => vscode.l10n.t(message),
    texts: vscode.l10n.bundle,
  };
}

/** What marks a page's own scripts and styles, new for each page. */
export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

import * as vscode from 'vscode';
import { withoutCredentials } from '../model/without-credentials.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { MANIFEST_SCHEME } from './ids.ts';
import type { ShownSession } from './run.ts';
import type { Sessions } from './sessions.ts';

type Part = 'runner' | 'pod' | 'before' | 'after';

/** Read-only YAML of runners and pods as the controller's caches have them, now and around a pass. */
export class Manifests implements vscode.TextDocumentContentProvider {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async open(session: ShownSession, key: string, part: 'runner' | 'pod'): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uriOf(session, key, part, -1));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Shows what changed between the beginning and the end of a pass. */
  async diff(session: ShownSession, key: string, pass: number): Promise<void> {
    const title = vscode.l10n.t('{0}: before and after pass {1}', key, pass + 1);
    const [before, after] = [uriOf(session, key, 'before', pass), uriOf(session, key, 'after', pass)];
    await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
  }

  /** Shows what changed from the end of one pass to the end of another. */
  async diffPasses(session: ShownSession, key: string, from: number, to: number): Promise<void> {
    const title = vscode.l10n.t('{0}: after pass {1} and after pass {2}', key, from + 1, to + 1);
    const [before, after] = [uriOf(session, key, 'after', from), uriOf(session, key, 'after', to)];
    await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { stringify } = await import('./yaml-text.ts');
    const query = new URLSearchParams(uri.query);
    const session = this.#sessions.session(query.get('session') ?? '');
    const key = query.get('key') ?? '';
    if (session === undefined) return vscode.l10n.t('# The session has been removed.');
    const { table, manifests, secrets } = session.run;
    const part = query.get('part') as Part;
    const states = manifests.get(Number(query.get('pass')));
    let objects: (ApiObject | undefined)[];
    if (part === 'runner') objects = [table.runner(key)];
    else if (part === 'pod') objects = [table.pod(key)];
    else objects = [states?.[part].runner, states?.[part].pod];
    const texts = objects
      .filter((object) => object !== undefined)
      .map((object) => stringify(withoutCredentials(object)));
    if (texts.length === 0) return vscode.l10n.t('# No object of this name is in the caches.');
    return secrets.redact(texts.join('---\n'));
  }
}

function uriOf(session: ShownSession, key: string, part: Part, pass: number): vscode.Uri {
  const query = new URLSearchParams({ session: session.id, key, part, pass: String(pass) });
  // A new moment is a new document: VS Code would otherwise show the one it has.
  if (pass < 0) query.set('at', String(Math.round(session.run.nowUs())));
  const name = key.slice(key.indexOf('/') + 1);
  const kind = part === 'pod' ? 'pod' : 'runner';
  return vscode.Uri.from({ scheme: MANIFEST_SCHEME, path: `/${name}.${kind}.yaml`, query: query.toString() });
}

import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import '../../builders/vscode/hook.ts';
import { EventEmitter, Uri } from '../../builders/vscode/interface.ts';

const { TimelinePanels } = await import('../../../src/extension/timeline-panels.ts');

/** A panel as VS Code has them: of one that is gone nothing can be asked. */
function panel(): { panel: vscode.WebviewPanel; close: () => void } {
  const disposed = new EventEmitter<undefined>();
  let isGone = false;
  const known = { onDidDispose: disposed.event, onDidChangeViewState: () => undefined, active: true, visible: true };
  const webview = { onDidReceiveMessage: () => ({ dispose: () => undefined }), asWebviewUri: (uri: unknown) => uri };
  const shown = new Proxy<object>(
    { ...known, webview },
    {
      get(target, name) {
        if (isGone) throw new Error('Webview is disposed');
        return Reflect.get(target, name) as unknown;
      },
    },
  );
  return {
    panel: shown as vscode.WebviewPanel,
    close: () => {
      isGone = true;
      disposed.fire(undefined);
    },
  };
}

describe('a timeline that is closed', () => {
  it('asks nothing of its panel any more', () => {
    const sessions = { onDidChange: () => ({ dispose: () => undefined }) };
    const panels = new TimelinePanels(new Uri('/lab') as never, sessions as never, {} as never);
    const { panel: shown, close } = panel();
    panels.adopt('a', 'Timeline', shown, []);
    assert.ok(panels.active !== undefined);
    close();
    assert.equal(panels.active, undefined);
    panels.dispose();
  });
});

import * as vscode from 'vscode';
import { expressionAt } from '../debug-adapter/source-expression.ts';
import type { DebugTimelines } from './debug-timelines.ts';

/** In the reconcilers' source while a pass stands in it: values behind its line, and of what the pointer is over. */
export class SourceValues implements vscode.InlineValuesProvider, vscode.EvaluatableExpressionProvider {
  readonly #timelines: DebugTimelines;

  constructor(timelines: DebugTimelines) {
    this.#timelines = timelines;
  }

  /** @param extensionUri below which the sources are */
  register(extensionUri: vscode.Uri): vscode.Disposable[] {
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(extensionUri, 'dist', 'src'), '**/*.ts');
    return [
      vscode.languages.registerInlineValuesProvider({ pattern }, this),
      vscode.languages.registerEvaluatableExpressionProvider({ pattern }, this),
    ];
  }

  provideInlineValues(
    _document: vscode.TextDocument,
    _viewPort: vscode.Range,
    { frameId, stoppedLocation }: vscode.InlineValueContext,
  ): vscode.InlineValue[] {
    const values = this.#timelines.adapterOf(vscode.debug.activeDebugSession)?.valuesAt(frameId) ?? [];
    return values.map((text) => new vscode.InlineValueText(stoppedLocation, text));
  }

  provideEvaluatableExpression(
    document: vscode.TextDocument,
    { line, character }: vscode.Position,
  ): vscode.EvaluatableExpression | undefined {
    const found = expressionAt(document.lineAt(line).text, character);
    return found && new vscode.EvaluatableExpression(new vscode.Range(line, found.start, line, found.end));
  }
}

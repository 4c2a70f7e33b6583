import * as vscode from 'vscode';
import type { DebugTimelines } from './debug-timelines.ts';
import { DEBUG_TYPE } from './ids.ts';
import { SourceValues } from './source-values.ts';
import { translateEngine } from './translate-engine.ts';

/** Lets VS Code debug passes: the adapter runs in this process, and is loaded with the first session. */
export function registerDebugging(timelines: DebugTimelines, extensionUri: vscode.Uri): vscode.Disposable[] {
  return [
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
      createDebugAdapterDescriptor: async (session) => {
        await translateEngine();
        const { ArcDebugSession } = await import('../debug-adapter/adapter.ts');
        const adapter = timelines.begin(session, (host) => new ArcDebugSession(host));
        return new vscode.DebugAdapterInlineImplementation(adapter);
      },
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => timelines.end(id)),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, { resolveDebugConfiguration }),
    ...new SourceValues(timelines).register(extensionUri),
  ];
}

/** A launch without a configuration, as with F5 where there is no launch.json, debugs what the settings say. */
async function resolveDebugConfiguration(
  _folder: unknown,
  given: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  if (given.type !== '') return given;
  const { launchOfSettings } = await import('./commands/debug.ts');
  return launchOfSettings();
}

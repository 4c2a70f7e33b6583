import * as vscode from 'vscode';
import { launchFields } from '../../debug-adapter/launch-fields.ts';
import { shortName } from '../../model/runner-table.ts';
import type { RunSettings } from '../../run/settings.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import type { App } from '../app.ts';
import { settingsFor } from '../configuration.ts';
import { DEBUG_TYPE } from '../ids.ts';
import type { RunnerNode } from '../runner-nodes.ts';
import { askModes } from './ask-modes.ts';
import { modeChoices } from './mode-choices.ts';
import { cancelled } from './pick.ts';

/** Asks which release, and debugs a run of it with the settings. */
export async function debug(_app: App, mode?: string): Promise<void> {
  const wanted = mode ?? (await askMode());
  if (wanted !== undefined) await start(settingsFor(wanted));
}

/** Debugs the runner's life: the same run in virtual time, from the runner's first pass on. */
export async function debugRunner(_app: App, { session, key }: RunnerNode): Promise<void> {
  if (session.target.kind !== 'embedded') {
    throw new Error(
      vscode.l10n.t(
        'A runner of another cluster cannot be debugged: its passes depend on what that cluster answers. Debug a run on the embedded cluster with the same settings instead.',
      ),
    );
  }
  if (session.load?.scaleSet !== undefined || session.load?.throughSet === true) {
    throw new Error(
      vscode.l10n.t('A runner that a set has made cannot be debugged: debug a run whose runners are made one by one.'),
    );
  }
  await start(session.settings, shortName(key));
}

/** What is debugged where nobody has written a configuration. */
export function launchOfSettings(): vscode.DebugConfiguration {
  return configurationOf(settingsFor(RELEASES.default.id));
}

async function askMode(): Promise<string | undefined> {
  const step = { title: vscode.l10n.t('ARC: Debug Reconcile Passes'), step: 1, totalSteps: 1 };
  try {
    const question = vscode.l10n.t('Release to debug, in virtual time');
    return String((await askModes(step, question, modeChoices(true, false), false)).mode);
  } catch (error) {
    if (error === cancelled) return undefined;
    throw error;
  }
}

async function start(settings: RunSettings, runner?: string): Promise<void> {
  const started = await vscode.debug.startDebugging(undefined, configurationOf(settings, runner));
  if (!started) throw new Error(vscode.l10n.t('VS Code did not start the debug session: see the message it showed.'));
}

function configurationOf(settings: RunSettings, runner?: string): vscode.DebugConfiguration {
  const name = runner === undefined ? vscode.l10n.t('ARC {0}', settings.mode) : `${runner} (${settings.mode})`;
  const where = runner === undefined ? { stopOnEntry: true } : { runner };
  return { type: DEBUG_TYPE, request: 'launch', name, ...launchFields(settings), ...where };
}

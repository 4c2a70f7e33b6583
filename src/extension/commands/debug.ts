import * as vscode from 'vscode';
import { launchFields, launchFieldsOf } from '../../debug-adapter/launch-fields.ts';
import { shortName } from '../../model/runner-table.ts';
import type { RunSettings } from '../../run/settings.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import type { ObjectMoment } from '../../protocol.ts';
import type { App } from '../app.ts';
import { settingsFor } from '../configuration.ts';
import { DEBUG_TYPE } from '../ids.ts';
import type { RunnerNode } from '../runner-nodes.ts';
import { askModes } from './ask-modes.ts';
import { modeChoices } from './mode-choices.ts';
import type { ShownSession } from '../run.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';
import { cancelled } from './pick.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Asks which release, and debugs a run of it with the settings. */
export async function debug(_app: App, mode?: string): Promise<void> {
  const wanted = mode ?? (await askMode());
  if (wanted !== undefined) {
    const settings = settingsFor(wanted);
    await start(settings, launchFields(settings));
  }
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
  const fields = launchFieldsOf(session.load ?? {}, session.settings, session.run.nowUs());
  if (fields === undefined) {
    throw new Error(
      vscode.l10n.t(
        'This run cannot be repeated by a launch: no launch argument says at which rate its runners come, what happens to its listener, or how slow the other calls to the Actions service are. Debug a run without these instead.',
      ),
    );
  }
  await start(session.settings, fields, shortName(key));
}

/** Stops passes of a session that runs. */
export async function attachDebugger(app: App, on: CalledOn): Promise<void> {
  const question = vscode.l10n.t('Select the run to debug');
  const isLive = ({ ended }: ShownSession): boolean => !ended;
  for (const { id, name, settings } of await chooseSessions(app, on, isLive, question)) {
    await begin({ type: DEBUG_TYPE, request: 'attach', name: `${settings.mode} (${name})`, session: id });
  }
}

/** A bar of a timeline, as the page says it to VS Code's menu. */
interface ClickedBar {
  /** Id of the source. */
  readonly session: string;
  readonly to: ObjectMoment;
}

/** Replays the run of a timeline, from a bar on. */
export async function debugFromHere(app: App, clicked: ClickedBar | undefined): Promise<void> {
  const sources = [...app.panels.views, ...app.traces.views].flatMap((view) => view.sources);
  const source = sources.find(({ info }) => info.id === clicked?.session);
  if (source === undefined || clicked === undefined) {
    throw new Error(
      vscode.l10n.t('Click on a bar of a timeline with the other mouse button, and choose Debug from Here.'),
    );
  }
  const { object, atUs } = clicked.to;
  const at = `${Math.max(0, Math.floor(atUs - source.info.originUs))}us`;
  const name = `${shortName(object)} (${source.info.name})`;
  await begin({ type: DEBUG_TYPE, request: 'launch', name, __timeline: source.info.id, runner: object, at });
}

/** What is debugged where nobody has written a configuration. */
export function launchOfSettings(): vscode.DebugConfiguration {
  const settings = settingsFor(RELEASES.default.id);
  return configurationOf(settings, launchFields(settings));
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

async function start(settings: RunSettings, fields: Fields, runner?: string): Promise<void> {
  await begin(configurationOf(settings, fields, runner));
}

async function begin(configuration: vscode.DebugConfiguration): Promise<void> {
  const started = await vscode.debug.startDebugging(undefined, configuration);
  if (!started) throw new Error(vscode.l10n.t('VS Code did not start the debug session: see the message it showed.'));
}

function configurationOf({ mode }: RunSettings, fields: Fields, runner?: string): vscode.DebugConfiguration {
  const name = runner === undefined ? vscode.l10n.t('ARC {0}', mode) : `${runner} (${mode})`;
  const where = runner === undefined ? { stopOnEntry: true } : { runner };
  return { type: DEBUG_TYPE, request: 'launch', name, ...fields, ...where };
}

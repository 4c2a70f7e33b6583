import * as vscode from 'vscode';
import { settingsFor } from '../configuration.ts';
import { View } from '../ids.ts';
import type { App } from '../app.ts';
import type { Run } from '../run.ts';
import type { RunPlan } from '../start-session.ts';
import { askRun } from './ask-run.ts';
import { showCreation } from './create-progress.ts';
import { modesOf } from './mode-choices.ts';
import { mayRunProgram } from './program-consent.ts';
import { EMBEDDED, loadOf, targetOf, type RunArguments } from './run-arguments.ts';
import { startWriting } from './start-writing.ts';

/** What was run last, for the entry that repeats it. */
const LAST = 'lastRun';

/**
 * Asks where and how, starts the controllers and shows their timeline.
 * @param asksLoad ask how many runners or jobs there are, also where cluster and modes are given
 */
export async function run(app: App, given: RunArguments = {}, asksLoad = false): Promise<Run | undefined> {
  const hasLoad = given.runners !== undefined || given.jobs !== undefined;
  const isComplete = given.cluster !== undefined && given.mode !== undefined && (hasLoad || !asksLoad);
  const last = app.extension.globalState.get<RunArguments>(LAST);
  const wanted = isComplete ? given : await askRun(app, given, given.write === true ? undefined : last);
  if (wanted === undefined) return undefined;
  const { cluster = EMBEDDED, write = false } = wanted;
  const modes = modesOf(wanted.mode);
  if (write && (cluster === EMBEDDED || modes.length !== 1)) {
    throw new Error(vscode.l10n.t('Writing needs a real cluster and exactly one mode.'));
  }
  const target = targetOf(wanted);
  if (target.kind === 'attached' && !(await mayRunProgram(app, target.kubeconfig, target.context))) return undefined;
  const plan: RunPlan = { target, settings: modes.map((one) => settingsFor(one, wanted)), load: loadOf(wanted) };
  const started = await vscode.window.withProgress(
    { location: { viewId: View.runners }, title: vscode.l10n.t('Attaching to {0}', cluster) },
    () => (write ? startWriting(app, plan) : app.sessions.start(plan)),
  );
  if (started === undefined) return undefined;
  // What was agreed to once is not offered again.
  if (!write) await app.extension.globalState.update(LAST, wanted);
  app.panels.show(started);
  if (target.kind === 'embedded') void showCreation(started.sessions);
  return started;
}

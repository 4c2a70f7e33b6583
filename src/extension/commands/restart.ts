import * as vscode from 'vscode';
import { gistOf } from '../../explain/release-words.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import type { LabContext } from '../lab-context.ts';
import type { Run, ShownSession } from '../run.ts';
import type { RunPlan } from '../start-session.ts';
import { writesOf } from '../session-words.ts';
import { chooseSession, chooseSessions, type CalledOn } from './choose-session.ts';
import { askWhich } from './question.ts';
import { run as askAndRun } from './run.ts';
import { startWriting } from './start-writing.ts';

/** Ends a session and starts it again in another mode, on the same cluster with the same settings. */
export async function restart(lab: LabContext, on: CalledOn): Promise<Run | undefined> {
  const question = vscode.l10n.t('Which session should be restarted in the other mode?');
  const session = await chooseSession(lab, on, () => true, question);
  if (session === undefined) return undefined;
  const mode = await chooseOther(session.settings.mode);
  return mode === undefined ? undefined : startAgain(lab, [session], [{ ...session.settings, mode }]);
}

/** A mode besides this one: asked for where there are several. */
async function chooseOther(mode: string): Promise<string | undefined> {
  const others = RELEASES.all.filter(({ id }) => id !== mode);
  if (others.length < 2) return others[0]?.id;
  const items = others.map((release) => ({ label: release.id, description: gistOf(release) }));
  const title = vscode.l10n.t('Which mode of the reconciler?');
  return (await askWhich(items, { title }))?.label;
}

/** Starts a run again, from the beginning; the earlier one stays on view. Where there is none, one is asked for. */
export async function runAgain(lab: LabContext, on: CalledOn): Promise<Run | undefined> {
  const sessions = await chooseSessions(lab, on, () => true, vscode.l10n.t('Which run should be started again?'));
  if (sessions.length === 0 && lab.sessions.runs.length === 0) return askAndRun(lab);
  return startAgain(
    lab,
    sessions,
    sessions.map(({ settings }) => settings),
  );
}

async function startAgain(
  lab: LabContext,
  sessions: readonly ShownSession[],
  settings: RunPlan['settings'],
): Promise<Run | undefined> {
  const [first] = sessions;
  if (first === undefined) return undefined;
  await Promise.all(sessions.map((session) => lab.sessions.stop(session)));
  const plan: RunPlan = { target: first.target, settings, load: first.load };
  const run = await (writesOf(first.target) ? startWriting(lab, plan) : lab.sessions.start(plan));
  if (run !== undefined) lab.panels.show(run);
  return run;
}

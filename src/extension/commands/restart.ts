import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { KeptRun } from '../kept-runs.ts';
import type { Run } from '../run.ts';
import { planOf, type RepeatablePlan } from '../start-session.ts';
import { isWatch, writesOf } from '../session-words.ts';
import { chooseSession, chooseSessions, type CalledOn } from './choose-session.ts';
import { askModes } from './ask-modes.ts';
import { modeChoices, modesOf } from './mode-choices.ts';
import { cancelled } from './pick.ts';
import { mayRunProgram } from './program-consent.ts';
import { run as askAndRun } from './run.ts';
import { startWriting } from './start-writing.ts';

/**
 * Ends a session and starts it again in another mode, on the same cluster with the same settings.
 * @param given the mode, for those who bind a key to it; asked for otherwise
 */
export async function restart(app: App, on: CalledOn, given?: string): Promise<Run | undefined> {
  const question = vscode.l10n.t('Select the session to restart in another mode');
  const session = await chooseSession(app, on, ({ target }) => !isWatch(target), question);
  if (session === undefined) return undefined;
  const mode = given ?? (await chooseOther(session.settings.mode));
  if (mode === undefined) return undefined;
  const [id = mode] = modesOf([mode]);
  await app.sessions.stop(session);
  return start(app, { target: session.target, load: session.load, settings: [{ ...session.settings, mode: id }] });
}

/** A mode besides this one: asked for where there are several. */
async function chooseOther(mode: string): Promise<string | undefined> {
  const step = { title: vscode.l10n.t('ARC: Restart in Another Mode'), step: 1, totalSteps: 1 };
  const others = modeChoices(true, false).filter(({ value }) => value.mode !== mode);
  try {
    const answer = await askModes(step, vscode.l10n.t('Select a reconciler mode'), others, false);
    return String(answer.mode);
  } catch (error) {
    if (error === cancelled) return undefined;
    throw error;
  }
}

/** Starts a run again, from the beginning; the earlier one stays on view. Where there is none, one is asked for. */
export async function runAgain(app: App, on: CalledOn): Promise<Run | undefined> {
  if (typeof on === 'object' && on.kind === 'kept') return keptAgain(app, on.run);
  const sessions = await chooseSessions(app, on, () => true, vscode.l10n.t('Select the run to start again'));
  const plan = planOf(sessions);
  if (plan === undefined) return app.sessions.runs.length === 0 ? askAndRun(app) : undefined;
  await Promise.all(sessions.map((session) => app.sessions.stop(session)));
  return start(app, plan);
}

/** Of a run of an earlier window: what it needed leave for then is asked for again. */
async function keptAgain(app: App, { plan }: KeptRun): Promise<Run | undefined> {
  if (plan === undefined) return undefined;
  const { target, settings } = plan;
  modesOf(settings.map(({ mode }) => mode));
  if (target.kind === 'attached' && !(await mayRunProgram(app, target.kubeconfig, target.context))) return undefined;
  return start(app, plan);
}

async function start(app: App, plan: RepeatablePlan): Promise<Run | undefined> {
  const run = await (writesOf(plan.target) ? startWriting(app, plan) : app.sessions.start(plan));
  if (run !== undefined) app.panels.show(run);
  return run;
}

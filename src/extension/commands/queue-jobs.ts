import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { ShownSession } from '../run.ts';
import { planOf } from '../start-session.ts';
import { askCount } from './ask-count.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';
import { cancelled } from './pick.ts';

const hasJobs = ({ run }: ShownSession): boolean => run.hasJobs;

/** More jobs for the scale set of each session of a run; one that has been stopped is started again with its settings. */
export async function queueJobs(app: App, on: CalledOn, count?: number): Promise<void> {
  const sessions = await chooseSessions(app, on, hasJobs, vscode.l10n.t('Select a run'));
  const plan = planOf(sessions);
  if (plan === undefined) return;
  let wanted: number;
  try {
    const { t } = vscode.l10n;
    wanted = count ?? (await askCount(t('ARC: Queue Jobs'), 10, t('Number of jobs to queue')));
  } catch (error) {
    if (error === cancelled) return;
    throw error;
  }
  if (sessions.some(({ stopped }) => stopped)) {
    const run = await app.sessions.start(plan);
    app.panels.show(run);
    for (const session of run.sessions) session.run.queueJobs(wanted);
  } else for (const session of sessions) session.run.queueJobs(wanted);
}

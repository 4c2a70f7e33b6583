import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { ShownSession } from '../run.ts';
import { askCount } from './ask-count.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';
import { showCreation } from './create-progress.ts';
import { cancelled } from './pick.ts';

const canCreate = ({ run }: ShownSession): boolean => run.canCreateRunners;

/**
 * Creates more runners on the embedded cluster, in each session of a run. One that has come to rest goes on; one that has
 * been stopped is started again with the same settings.
 */
export async function createRunners(app: App, on: CalledOn, count?: number): Promise<void> {
  const sessions = await chooseSessions(app, on, canCreate, vscode.l10n.t('Select a run'));
  const [first] = sessions;
  if (first === undefined) return;
  let wanted: number;
  try {
    wanted = count ?? (await askCount(vscode.l10n.t('ARC: Create Runners'), first.settings.runners));
  } catch (error) {
    if (error === cancelled) return;
    throw error;
  }
  if (sessions.some(({ stopped }) => stopped)) {
    const settings = sessions.map((session) => ({ ...session.settings, runners: wanted }));
    const run = await app.sessions.start({ target: first.target, settings, load: first.load });
    app.panels.show(run);
    void showCreation(run.sessions);
    return;
  }
  const created = Promise.all(sessions.map((session) => session.run.createRunners(wanted)));
  void showCreation(sessions);
  await created;
}

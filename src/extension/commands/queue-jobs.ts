import * as vscode from 'vscode';
import { parseLoad } from '../../run/job-load.ts';
import type { App } from '../app.ts';
import type { ShownSession } from '../run.ts';
import { planOf } from '../start-session.ts';
import { askJobs } from './ask-scale-set.ts';
import { chooseSessions, type CalledOn } from './choose-session.ts';

const hasJobs = ({ run }: ShownSession): boolean => run.hasJobs;

/**
 * More jobs for the scale set of each session of a run; one that has been stopped is started again with its settings. The
 * timeline goes to them.
 * @param given jobs as `--jobs` takes them, for those who bind a key to it; asked for otherwise
 */
export async function queueJobs(app: App, on: CalledOn, given?: string | number): Promise<void> {
  const sessions = await chooseSessions(app, on, hasJobs, vscode.l10n.t('Select a run'));
  const [first] = sessions;
  const plan = planOf(sessions);
  if (first === undefined || plan === undefined) return;
  const text = given ?? (await askJobs(vscode.l10n.t('ARC: Queue Jobs'), '10 at once'));
  if (text === undefined) return;
  const jobs = parseLoad(String(text));
  const isOver = sessions.some(({ stopped }) => stopped);
  const run = isOver ? await app.sessions.start(plan) : app.sessions.runOf(first);
  for (const { run: each } of isOver ? (run?.sessions ?? []) : sessions) each.queueJobs(jobs);
  if (run !== undefined) app.panels.show(run).command('follow');
}

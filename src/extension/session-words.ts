import * as vscode from 'vscode';
import { jobsText } from '../run/job-load.ts';
import type { RunTarget } from '../run/run-target.ts';
import type { Run, ShownSession } from './run.ts';

/** Sessions as lists name them: a mode and where it runs. */
export function labelOf({ settings, name }: Pick<ShownSession, 'settings' | 'name'>): string {
  return `${settings.mode} · ${name}`;
}

export function runLabelOf({ name, sessions }: Run): string {
  return `${sessions.map(({ settings }) => settings.mode).join(', ')} · ${name}`;
}

/** What tells a session from others of its mode: its load, its workers, when it was started, whether it still runs. */
export function descriptionOf(session: ShownSession): string {
  const { settings, target, load, run, startedMs, ended } = session;
  const jobs = load?.scaleSet?.jobs;
  const own = jobs === undefined ? runnersText(settings.runners) : vscode.l10n.t('jobs: {0}', jobsText(jobs));
  return [
    target.kind === 'embedded' ? own : run.where,
    ...(isWatch(target) ? [] : [workersText(settings.workers)]),
    ...(settings.pods === undefined ? [] : [settings.pods]),
    vscode.l10n.t('started {0}', new Date(startedMs).toLocaleTimeString()),
    ended ? vscode.l10n.t('ended') : writesOf(target) ? vscode.l10n.t('writes to the cluster') : vscode.l10n.t('live'),
  ].join(' · ');
}

export function runnersText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 runner') : vscode.l10n.t('{0} runners', count);
}

export function workersText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 worker') : vscode.l10n.t('{0} workers', count);
}

export function passesText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 pass') : vscode.l10n.t('{0} passes', count);
}

/** Whether somebody else's controller is shown. */
export function isWatch(target: RunTarget): boolean {
  return target.kind === 'attached' && target.watches === true;
}

export function writesOf(target: RunTarget): boolean {
  return target.kind === 'attached' && target.apply;
}

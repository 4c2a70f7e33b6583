import * as vscode from 'vscode';
import { colourOf, endedAfter, isOutOfReach, type ShownSession } from './run.ts';
import { isWatch, labelOf, writesOf } from './session-words.ts';

/**
 * By number, as `colourOf` gives them for modes: those that timelines have for them. `charts.orange` is translucent in VS
 * Code's own themes; icons in it would hardly be seen.
 */
const MODE_COLOURS = ['charts.blue', 'charts.green', 'charts.purple', 'symbolIcon.classForeground', 'charts.yellow'];
const WRITES_COLOUR = 'problemsWarningIcon.foreground';

/**
 * The line of a session in the tree.
 * @param share how many of its runners are shown, where the tree is filtered; empty where it is not
 */
export function sessionItem(session: ShownSession, share: string): vscode.TreeItem {
  const { settings, target, run, ended, rest, metrics } = session;
  const item = new vscode.TreeItem(labelOf(session), vscode.TreeItemCollapsibleState.Expanded);
  item.id = session.id;
  item.description = [stateWords(session), share, figures(session)].filter((part) => part !== '').join(' · ');
  const colour =
    writesOf(target) && !ended
      ? WRITES_COLOUR
      : (MODE_COLOURS[colourOf(settings.mode) % MODE_COLOURS.length] as string);
  item.iconPath = new vscode.ThemeIcon(iconOf(session), new vscode.ThemeColor(colour));
  const kind = run.hasJobs ? '.jobs' : run.canCreateRunners ? '.embedded' : !ended && run.held ? '.held' : '';
  item.contextValue = `session.${ended ? 'ended' : 'live'}${kind}`;
  item.tooltip = [
    `${settings.mode} · ${run.where}`,
    isWatch(target) ? vscode.l10n.t('watched: nothing is reconciled or written') : '',
    target.kind === 'attached' && !target.apply && !isWatch(target)
      ? vscode.l10n.t('shadow: nothing is written to the cluster')
      : '',
    writesOf(target) ? vscode.l10n.t('writes to the cluster') : '',
    run.differences ?? '',
    rest?.text ?? '',
    metrics === undefined ? '' : vscode.l10n.t('metrics at {0}', `http://${metrics.host}:${metrics.port}/metrics`),
  ]
    .filter((line) => line !== '')
    .join('\n');
  item.accessibilityInformation = { label: `${labelOf(session)}, ${item.description}` };
  return item;
}

/** What matters most comes first: a narrow tree cuts the end. */
function stateWords(session: ShownSession): string {
  const { t } = vscode.l10n;
  const { target, ended, rest, run } = session;
  const { connection, leaseLoss } = run;
  if (leaseLoss !== undefined) return t('stopped writing: {0}', leaseLoss.why);
  if (!ended && connection.state === 'lost') return t('connection lost, trying again: {0}', connection.error);
  if (ended && rest?.isOver === true) {
    return run.hasJobs && !session.stopped
      ? t('idle after {0}', endedAfter(session))
      : t('ended {0}', endedAfter(session));
  }
  if (ended) return t('ended');
  if (rest !== undefined) return t('stuck: {0}', rest.reason);
  if (target.kind === 'embedded') return '';
  if (run.held) return t('held');
  if (isWatch(target)) return t('watched, nothing is written');
  return target.apply ? t('writes to the cluster') : t('shadow, nothing is written');
}

function figures({ run }: ShownSession): string {
  const { t } = vscode.l10n;
  const { pending, running, succeeded, failed, deleting } = run.table.index.counts;
  return [
    pending > 0 ? t('{0} pending', pending) : '',
    running > 0 ? t('{0} running', running) : '',
    succeeded > 0 ? t('{0} succeeded', succeeded) : '',
    failed > 0 ? t('{0} failed', failed) : '',
    deleting > 0 ? t('{0} deleting', deleting) : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function iconOf(session: ShownSession): string {
  const { target, ended, rest, run } = session;
  if (isOutOfReach(session)) return 'debug-disconnect';
  if (ended) return 'debug-stop';
  if (rest !== undefined || run.held) return 'debug-pause';
  if (target.kind === 'embedded') return 'beaker';
  if (isWatch(target)) return 'broadcast';
  return target.apply ? 'edit' : 'eye';
}

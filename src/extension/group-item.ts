import * as vscode from 'vscode';
import { RUNNER_STATES, type RunnerState } from '../model/runner-state.ts';
import { shortName } from '../model/runner-table.ts';
import { aboveWords, iconOf, linesOf, tooltip } from './above-items.ts';
import { STATE_ICON } from './runner-items.ts';
import type { GroupNode } from './runner-nodes.ts';
import { runnersText } from './session-words.ts';

/**
 * The line of runners that belong together: those of an EphemeralRunnerSet, of a scale set that is not known, or in a state.
 * @param share how many of them are shown, where the tree is filtered; empty where it is not
 */
export function groupItem(node: GroupNode, share: string): vscode.TreeItem {
  const { session, group, by } = node;
  const { table, scaleSets } = session.run;
  const count = by === 'state' ? table.index.counts[group as RunnerState] : table.index.countOfSet(group);
  const about = by === 'set' ? scaleSets.describe('set', group) : undefined;
  const own = table.groupLabel(group);
  const label =
    by === 'state'
      ? group
      : group === ''
        ? vscode.l10n.t('runners without a set')
        : about === undefined
          ? own
          : shortName(group);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${session.id}/${by}/${group}`;
  const words = about === undefined ? runnersText(count) : aboveWords(about, session.run.nowUs());
  item.description = [share, share === '' || about !== undefined ? words : '']
    .filter((part) => part !== '')
    .join(' · ');
  const [icon, colour] = by === 'state' ? STATE_ICON[group as RunnerState] : ['server-environment', undefined];
  item.iconPath =
    about === undefined
      ? new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour))
      : iconOf(icon, about);
  item.contextValue = about === undefined ? 'group' : 'set';
  if (about !== undefined) {
    item.accessibilityInformation = { label: `EphemeralRunnerSet ${label}, ${item.description}` };
  }
  return item;
}

export function setTooltip({ session, group }: GroupNode): vscode.MarkdownString | undefined {
  const { table, scaleSets } = session.run;
  const about = scaleSets.describe('set', group);
  if (about === undefined) return undefined;
  const counts = table.index.countsOfSet(group);
  const states = RUNNER_STATES.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`);
  return tooltip('EphemeralRunnerSet', group, [...linesOf(about, session.run.nowUs()), states.join(', ')]);
}

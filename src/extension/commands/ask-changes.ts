import * as vscode from 'vscode';
import { capital } from '../../base/capital.ts';
import { messageOf } from '../../base/message.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { isDescribed, isSwitch, SWITCHES } from '../../reconciler/releases/switches.ts';
import { vary } from '../../reconciler/releases/vary.ts';
import { cancelled } from './pick.ts';
import { focusReturned } from './question.ts';

interface PullRequest extends vscode.QuickPickItem {
  readonly number: number;
}

/**
 * The pull requests that a version is to have: those that it has are ticked. Choices that contradict each other are refused
 * with a sentence that names the two, and stay to be corrected.
 * @returns the id of the version with these, such as `0.14.2-4390`
 * @throws cancelled
 */
export async function askChanges(title: string, mode: string): Promise<string> {
  const { t } = vscode.l10n;
  const release = RELEASES.get(mode);
  const box = vscode.window.createQuickPick<PullRequest>();
  const placeholder = t('Tick what {0} is to have, and untick what it is not', mode);
  box.title = title;
  box.placeholder = placeholder;
  box.canSelectMany = true;
  box.matchOnDescription = true;
  box.ignoreFocusOut = true;
  box.items = Object.entries(SWITCHES).map(([text, words]) => ({
    label: `#${text}`,
    description: isDescribed(Number(text)) ? t('{0} (from its description)', words) : words,
    number: Number(text),
  }));
  box.selectedItems = box.items.filter(({ number }) => isSwitch(number) && release.switches.has(number));
  const chosen = (): string => {
    const wanted = new Set(box.selectedItems.map(({ number }) => number));
    const has = (number: number): boolean => isSwitch(number) && release.switches.has(number);
    const numbers = box.items.map(({ number }) => number);
    const changes = {
      with: numbers.filter((number) => wanted.has(number) && !has(number)),
      without: numbers.filter((number) => !wanted.has(number) && has(number)),
    };
    if (changes.with.length + changes.without.length === 0) return mode;
    return RELEASES.get(vary(release, changes).id).id;
  };
  const problem = (): string | undefined => {
    try {
      chosen();
      return undefined;
    } catch (error) {
      return `${capital(messageOf(error))}.`;
    }
  };
  box.onDidChangeSelection(() => (box.prompt = problem()));
  await focusReturned();
  try {
    await new Promise<void>((resolve, reject) => {
      box.onDidAccept(() => {
        const wrong = problem();
        if (wrong === undefined) resolve();
        else void vscode.window.showWarningMessage(wrong);
      });
      box.onDidHide(() => reject(cancelled));
      box.show();
    });
    return chosen();
  } finally {
    box.dispose();
  }
}

import * as vscode from 'vscode';
import { capital } from '../../base/capital.ts';
import { inWords } from '../../base/count-words.ts';
import { messageOf } from '../../base/message.ts';
import { gistOf } from '../../explain/release-words.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { askChanges } from './ask-changes.ts';
import { defaultFirst, modesNamed, versionNote, type ModeAnswer, type ModeChoice } from './mode-choices.ts';
import { cancelled, isSought, type Step } from './pick.ts';
import { askWhich, focusReturned } from './question.ts';

/** What a row of the picker does: it answers, or asks further; undefined cannot be chosen. */
interface Row extends vscode.QuickPickItem {
  readonly answer: (() => ModeAnswer | Promise<ModeAnswer>) | undefined;
}

/**
 * Which versions of ARC run: one of the list, several, any that is typed, and each with or without single pull requests.
 * @param mayBeSeveral whether several can run side by side
 * @throws cancelled
 */
export async function askModes(
  step: Step,
  question: string,
  choices: readonly ModeChoice[],
  mayBeSeveral: boolean,
): Promise<ModeAnswer> {
  const { t } = vscode.l10n;
  const box = vscode.window.createQuickPick<Row>();
  box.title = step.title;
  box.step = step.step;
  box.totalSteps = step.totalSteps;
  box.placeholder = mayBeSeveral
    ? t('{0}, or type versions: 0.12.1, 0.14.2', question)
    : t('{0}, or type one: 0.13.1', question);
  box.ignoreFocusOut = true;
  box.matchOnDetail = true;
  const listed: Row[] = choices.map(({ label, description, value }) => ({ label, description, answer: () => value }));
  const several: Row = {
    label: `$(list-selection) ${t('Several versions, side by side…')}`,
    answer: () => askSeveral(step.title),
  };
  const changed: Row = {
    label: `$(git-pull-request) ${t('With or without single pull requests…')}`,
    answer: () => askChanged(step.title, mayBeSeveral),
  };
  const fixed = [...listed, ...(mayBeSeveral ? [several] : []), changed];
  const fill = (): void => {
    const typed = typedRow(box.value.trim(), mayBeSeveral, listed);
    box.items = typed === undefined ? fixed : [typed, ...fixed];
  };
  fill();
  box.onDidChangeValue(fill);
  await focusReturned();
  try {
    const answer = await new Promise<NonNullable<Row['answer']>>((resolve, reject) => {
      box.onDidAccept(() => {
        const chosen = box.selectedItems[0]?.answer;
        if (chosen !== undefined) resolve(chosen);
      });
      box.onDidHide(() => reject(cancelled));
      box.show();
    });
    return await answer();
  } finally {
    box.dispose();
  }
}

/** What was typed, as a row: the versions that it names, or what is wrong with it where it finds no other row. */
function typedRow(text: string, mayBeSeveral: boolean, listed: readonly Row[]): Row | undefined {
  const { t } = vscode.l10n;
  if (text === '') return undefined;
  try {
    const modes = modesNamed(text.split(/[\s,]+/).filter((name) => name !== ''));
    if (modes.length > 1 && !mayBeSeveral) throw new Error(t('only one version can run here'));
    const label = modes.length > 1 ? t('Compare {0}', inWords(modes)) : t('Run {0}', modes[0] ?? '');
    const mode = modes.length > 1 ? modes : (modes[0] ?? '');
    const row = { label: `$(play) ${label}`, description: versionNote(text), alwaysShow: true };
    return { ...row, answer: () => ({ mode }) };
  } catch (error) {
    if (isSought(text, listed)) return undefined;
    return { label: `$(error) ${capital(messageOf(error))}`, alwaysShow: true, answer: undefined };
  }
}

/**
 * Two versions or more.
 * @throws cancelled
 */
export async function askSeveral(title: string): Promise<{ readonly mode: readonly string[] }> {
  const { t } = vscode.l10n;
  const items = RELEASES.all.map((release) => ({
    label: release.id,
    description: gistOf(release),
    picked: RELEASES.comparison.includes(release.id),
  }));
  await focusReturned();
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, canPickMany: true, ignoreFocusOut: true },
    placeHolder: t('Select the versions to compare, in their order'),
  });
  if (chosen === undefined || chosen.length === 0) throw cancelled;
  return { mode: chosen.map(({ label }) => label) };
}

async function askChanged(title: string, mayBeSeveral: boolean): Promise<ModeAnswer> {
  const { t } = vscode.l10n;
  const items = defaultFirst().map((release) => ({ label: release.id, description: gistOf(release) }));
  const of = await askWhich(items, { title, placeHolder: t('Select the version to change') });
  if (of === undefined) throw cancelled;
  const varied = await askChanges(title, of.label);
  if (varied === of.label || !mayBeSeveral) return { mode: varied };
  const both = { label: t('{0} beside {1}', varied, of.label), mode: [of.label, varied] };
  const how = await askWhich([both, { label: t('{0} alone', varied), mode: varied }], { title });
  if (how === undefined) throw cancelled;
  return { mode: how.mode };
}

import * as vscode from 'vscode';
import { capital } from '../../base/capital.ts';
import { messageOf } from '../../base/message.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { arcVersion } from '../../upgrade/arc-version.ts';
import { isSought, pick, type Choice, type Step } from './pick.ts';

/**
 * A version of ARC: one of the list, or any that is typed.
 * @throws cancelled
 */
export async function askVersion(step: Step, question: string): Promise<string> {
  const prompt = vscode.l10n.t('{0} Choose one, or type it: 0.13.1', question);
  return pick(step, prompt, versionChoices(), { typed: typedVersion });
}

function versionChoices(): readonly Choice<string>[] {
  const versions = RELEASES.published.toReversed().map((version) => ({ label: version, value: version }));
  return [...versions, { label: 'latest', description: vscode.l10n.t('main branch'), value: 'latest' }];
}

/** What was typed, as a row: the version that it names, or what is wrong with it where it finds no version of the list. */
function typedVersion(text: string): Choice<string> | vscode.QuickPickItem | undefined {
  const { t } = vscode.l10n;
  if (isSought(text, versionChoices())) return undefined;
  try {
    const { name, takenFor } = arcVersion(text);
    const description = takenFor === undefined ? '' : t('is not known here and is checked as if it were {0}', takenFor);
    return { label: `$(play) ${name}`, description, alwaysShow: true, value: name };
  } catch (error) {
    return { label: `$(error) ${capital(messageOf(error))}`, alwaysShow: true };
  }
}

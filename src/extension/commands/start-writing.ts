import * as vscode from 'vscode';
import { visibleText } from '../../base/visible-text.ts';
import type { ApplyOptions, ApplyPlan } from '../../apply/apply-guard.ts';
import type { Check } from '../../apply/check.ts';
import type { RunTarget } from '../../run/run-target.ts';
import { simulatesPods } from '../configuration.ts';
import type { App } from '../app.ts';
import type { Run } from '../run.ts';
import type { RunPlan } from '../start-session.ts';

/**
 * Starts a session that writes to its cluster: the checklist is shown, with what to do about each failed line, and a
 * person agrees to what will be done.
 * @returns undefined when nobody agreed
 */
export async function startWriting(app: App, plan: RunPlan, scaleDownController = false): Promise<Run | undefined> {
  const { checkText } = await import('../../apply/check.ts');
  let shown: readonly Check[] = [];
  let wantsShadow = false;
  const options: Omit<ApplyOptions, 'onLost'> = {
    onChecklist: (checks) => {
      shown = checks;
      for (const check of checks) app.log.channel.info(checkText(check));
    },
    confirm: async (applyPlan) => {
      const answer = await askLeave(applyPlan, checkText);
      wantsShadow = answer === 'shadow';
      return answer === 'write';
    },
    scaleDownController,
    onProgress: (text) => {
      app.log.channel.info(text);
      vscode.window.setStatusBarMessage(text, 10_000);
    },
  };
  try {
    return await app.sessions.start({ ...plan, apply: options });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ApplyRefusedError') throw error;
    const failures = shown.filter(({ state }) => state === 'failed');
    if (wantsShadow) return app.sessions.start({ ...plan, target: inShadow(plan.target) });
    if (failures.length === 0) return undefined;
    const isScalable = failures.every(({ scalable }) => scalable === true);
    const scale = { title: vscode.l10n.t('Scale It to Zero First…') };
    const showLog = { title: vscode.l10n.t('Show Log') };
    const close = { title: vscode.l10n.t('Close'), isCloseAffordance: true };
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Nothing was changed: the cluster cannot be written to now.'),
      { modal: true, detail: shown.map(checkText).join('\n') },
      ...(isScalable ? [scale, showLog, close] : [showLog, close]),
    );
    if (answer === showLog) app.log.channel.show();
    return answer === scale ? startWriting(app, plan, true) : undefined;
  }
}

/**
 * Asks whether the reconciler may write. The button that has the focus changes nothing: people press Enter through a
 * series of questions.
 */
async function askLeave(
  { checks, summary }: ApplyPlan,
  checkText: (check: Check) => string,
): Promise<'write' | 'shadow' | undefined> {
  const shadow = vscode.l10n.t('Run in Shadow Instead');
  const write = vscode.l10n.t('Write to the Cluster');
  const detail = [
    ...summary.map(([heading, text]) => `${heading}: ${visibleText(text)}`),
    '',
    ...checks.map(checkText),
  ].join('\n');
  const question = vscode.l10n.t('Let the reconciler write to this cluster?');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, shadow, write);
  return answer === write ? 'write' : answer === shadow ? 'shadow' : undefined;
}

function inShadow(target: RunTarget): RunTarget {
  return target.kind === 'embedded' ? target : { ...target, apply: false, simulatePods: simulatesPods() };
}

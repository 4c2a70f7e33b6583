import * as vscode from 'vscode';
import { MOST_RUNNERS } from '../../run/settings.ts';
import { runnersText } from '../session-words.ts';
import { cancelled, type Step } from './pick.ts';
import { usualJobs } from '../configuration.ts';
import { askJobs, JOBS_TITLE } from './ask-scale-set.ts';
import { askOptions } from './ask-options.ts';
import { isCount, notACount } from './ask-count.ts';
import { focusReturned } from './question.ts';
import { describeOptions, type RunOptions } from './run-arguments.ts';

/**
 * The last question before a run on the embedded cluster: Enter starts it, a number changes how many runners there are,
 * and everything else is behind "More…".
 * @throws cancelled
 */
export async function askStart(step: Step, proposed: RunOptions & { readonly runners: number }): Promise<RunOptions> {
  const { t } = vscode.l10n;
  const scaleSet = {
    label: `$(organization) ${t('A scale set with jobs…')}`,
    description: t('AutoscalingRunnerSet, listener and runners that come when jobs do'),
    alwaysShow: true,
  };
  const more = {
    label: `$(settings-gear) ${t('More…')}`,
    description: t('runners per second, workers, pods, an upgrade, latencies, faults'),
    alwaysShow: true,
  };
  const box = vscode.window.createQuickPick();
  box.title = step.title;
  box.step = step.step;
  box.totalSteps = step.totalSteps;
  box.prompt = t('Number of EphemeralRunners to create');
  box.placeholder = t('Press Enter to start the run, or type a number from 1 to {0}', MOST_RUNNERS);
  box.ignoreFocusOut = true;
  const count = (): number | undefined => {
    const text = box.value.trim();
    return text === '' ? proposed.runners : isCount(text) ? Number(text) : undefined;
  };
  const fill = (): void => {
    const runners = count();
    if (runners === undefined) {
      box.items = [{ label: `$(error) ${notACount(box.value)}`, alwaysShow: true }];
      return;
    }
    const start = {
      label: `$(play) ${t('Start with {0}', runnersText(runners))}`,
      description: describeOptions({ ...proposed, runners: undefined }).join(' · '),
      alwaysShow: true,
    };
    box.items = [start, scaleSet, more];
  };
  fill();
  box.onDidChangeValue(fill);
  await focusReturned();
  try {
    const chosen = await new Promise<string | undefined>((resolve, reject) => {
      box.onDidAccept(() => {
        if (count() !== undefined) resolve(box.selectedItems[0]?.label);
      });
      box.onDidHide(() => reject(cancelled));
      box.show();
    });
    const options = { ...proposed, runners: count() ?? proposed.runners };
    if (chosen === more.label) return await askOptions(step, options);
    if (chosen !== scaleSet.label) return options;
    const jobs = await askJobs(JOBS_TITLE(), usualJobs());
    if (jobs === undefined) throw cancelled;
    return await askOptions(step, { ...options, jobs });
  } finally {
    box.dispose();
  }
}

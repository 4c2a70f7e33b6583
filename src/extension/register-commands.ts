import * as vscode from 'vscode';
import { changeConditions } from './commands/change-conditions.ts';
import { createRunners } from './commands/create-runners.ts';
import { restore } from './commands/restore.ts';
import { restart } from './commands/restart.ts';
import { run, type RunArguments } from './commands/run.ts';
import {
  comparePasses,
  copyName,
  deleteRunner,
  explainWait,
  openManifest,
  openPod,
  reconcileNow,
  showInTimeline,
} from './commands/runner-commands.ts';
import { copyCommandLine, openTrace, removeSession, saveTrace, showTimeline } from './commands/session-commands.ts';
import { cancelAttach, stop } from './commands/stop.ts';
import { showManyBars } from './commands/many-bars.ts';
import { saveReport } from './commands/save-report.ts';
import { clearFilter, filterRunners, groupRunners, sortRunners } from './commands/tree-commands.ts';
import { Command } from './ids.ts';
import type { LabContext } from './lab-context.ts';
import type { RunnerNode } from './runner-nodes.ts';

type Handler = (lab: LabContext, ...given: never[]) => unknown;

/** Every command and what it does. */
const HANDLERS: Readonly<Record<(typeof Command)[keyof typeof Command], Handler>> = {
  [Command.run]: run,
  [Command.apply]: (lab, given: RunArguments | undefined) => run(lab, { ...given, write: true }),
  [Command.restore]: restore,
  [Command.stop]: stop,
  [Command.cancelAttach]: cancelAttach,
  [Command.restart]: restart,
  [Command.createRunners]: createRunners,
  [Command.changeConditions]: changeConditions,
  [Command.compare]: (lab, given: RunArguments | undefined) =>
    run(lab, { cluster: 'embedded', ...given, mode: 'both' }),
  [Command.showTimeline]: showTimeline,
  [Command.openTrace]: openTrace,
  [Command.saveTrace]: saveTrace,
  [Command.copyCommandLine]: copyCommandLine,
  [Command.showLog]: (lab) => lab.log.channel.show(),
  [Command.removeSession]: removeSession,
  [Command.filterRunners]: filterRunners,
  [Command.clearFilter]: clearFilter,
  [Command.sortRunners]: sortRunners,
  [Command.groupRunners]: groupRunners,
  [Command.showMore]: (lab, node: Parameters<LabContext['tree']['showMore']>[0]) => lab.tree.showMore(node),
  [Command.showInTimeline]: showInTimeline,
  [Command.openManifest]: openManifest,
  [Command.comparePasses]: comparePasses,
  [Command.openPod]: openPod,
  [Command.copyName]: copyName,
  [Command.deleteRunner]: deleteRunner,
  [Command.reconcileNow]: reconcileNow,
  [Command.explainWait]: explainWait,
  [Command.fit]: (lab) => lab.activeTimeline()?.command('fit'),
  [Command.find]: (lab) => lab.activeTimeline()?.command('search'),
  [Command.table]: (lab) => lab.activeTimeline()?.command('table'),
  [Command.savePng]: (lab) => lab.activeTimeline()?.command('savePng'),
  [Command.saveSvg]: (lab) => lab.activeTimeline()?.command('saveSvg'),
  [Command.saveReport]: saveReport,
  [Command.manyBars]: showManyBars,
};

export function registerCommands(lab: LabContext): vscode.Disposable[] {
  return Object.entries(HANDLERS).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...given: unknown[]) => {
      const needsRunner = id.includes('.runner.');
      const args = needsRunner && given[0] === undefined ? [lab.tree.view.selection[0]] : given;
      if (needsRunner && (args[0] as RunnerNode | undefined)?.kind !== 'runner') return undefined;
      try {
        return await handler(lab, ...(args as never[]));
      } catch (error) {
        if (error instanceof vscode.CancellationError) return undefined;
        // Whoever called the command need not wait until the message has been read.
        void tell(lab, error);
        return undefined;
      }
    }),
  );
}

/** A sentence and a way out; the whole error is for the log. */
async function tell(lab: LabContext, error: unknown): Promise<void> {
  const sentence = error instanceof Error ? error.message : String(error);
  lab.log.channel.error(sentence);
  const showLog = vscode.l10n.t('Show Log');
  const embedded = vscode.l10n.t('Run on the Embedded Cluster');
  const isAttach =
    error instanceof Error && ['KubeconfigError', 'PreflightError', 'LeaseHeldError', 'ApiError'].includes(error.name);
  const answers = isAttach ? [embedded, showLog] : [showLog];
  const answer = await vscode.window.showErrorMessage(capital(sentence), ...answers);
  if (answer === showLog) lab.log.channel.show();
  if (answer === embedded) await vscode.commands.executeCommand(Command.compare);
}

function capital(sentence: string): string {
  const text = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

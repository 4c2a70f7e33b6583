import { Command } from '../ids.ts';
import type { App } from '../app.ts';
import { changeConditions } from './change-conditions.ts';
import { checkUpgrade } from './check-upgrade.ts';
import { compareVersions } from './compare-versions.ts';
import { createRunners } from './create-runners.ts';
import { attachDebugger, debug, debugFromHere, debugRunner } from './debug.ts';
import { copySetting, openLog, showFinding, showLine } from './evidence-commands.ts';
import { copyListenerName, evictListener, killListener, slowListener } from './listener-commands.ts';
import { BOTH } from './mode-choices.ts';
import { queueJobs } from './queue-jobs.ts';
import { restore } from './restore.ts';
import { restart, runAgain } from './restart.ts';
import { run } from './run.ts';
import type { RunArguments } from './run-arguments.ts';
import {
  comparePasses,
  copyName,
  deleteRunner,
  explainWait,
  openManifest,
  openPod,
  reconcileNow,
  showInTimeline,
} from './runner-commands.ts';
import { copyCommandLine, removeEnded, removeSession, showTimeline } from './session-commands.ts';
import { cancelAttach, reconnect, release, stop, stopAll } from './stop.ts';
import { showManyBars } from './many-bars.ts';
import { exportRun, saveReport, saveTrace } from './save-as.ts';
import { showMoment, tooLate } from './too-late.ts';
import { openTrace, openTracesTogether } from './trace-commands.ts';
import { watchCluster } from './watch.ts';
import { restoreWhatIf, whatIf } from './what-if.ts';
import { clearFilter, filterRunners, groupRunners, sortRunners } from './tree-commands.ts';

type Handler = (app: App, ...given: never[]) => unknown;

/** Every command and what it does. Loaded when the first of them is run. */
export const HANDLERS: Readonly<Record<(typeof Command)[keyof typeof Command], Handler>> = {
  [Command.run]: run,
  [Command.apply]: (app, given: RunArguments | undefined) => run(app, { ...given, write: true }),
  [Command.restore]: restore,
  [Command.runAgain]: runAgain,
  [Command.reconnect]: reconnect,
  [Command.release]: release,
  [Command.stop]: stop,
  [Command.stopAll]: stopAll,
  [Command.cancelAttach]: cancelAttach,
  [Command.restart]: restart,
  [Command.createRunners]: createRunners,
  [Command.queueJobs]: queueJobs,
  [Command.changeConditions]: changeConditions,
  [Command.debug]: debug,
  [Command.watch]: watchCluster,
  [Command.compare]: (app, given: RunArguments | undefined) => run(app, { mode: BOTH, cluster: 'embedded', ...given }),
  [Command.compareVersions]: compareVersions,
  [Command.showTimeline]: showTimeline,
  [Command.openTrace]: openTrace,
  [Command.openTracesTogether]: openTracesTogether,
  [Command.openLog]: openLog,
  [Command.explainLog]: openLog,
  [Command.showFinding]: showFinding,
  [Command.showLine]: showLine,
  [Command.copySetting]: copySetting,
  [Command.checkUpgrade]: checkUpgrade,
  [Command.whatIf]: whatIf,
  [Command.saveTrace]: saveTrace,
  [Command.export]: exportRun,
  [Command.copyCommandLine]: copyCommandLine,
  [Command.showLog]: (app) => app.log.channel.show(),
  [Command.removeSession]: removeSession,
  [Command.removeEnded]: removeEnded,
  [Command.filterRunners]: filterRunners,
  [Command.clearFilter]: clearFilter,
  [Command.sortRunners]: sortRunners,
  [Command.groupRunners]: groupRunners,
  [Command.showMore]: (app, node: Parameters<App['tree']['showMore']>[0]) => app.tree.showMore(node),
  [Command.showInTimeline]: showInTimeline,
  [Command.openManifest]: openManifest,
  [Command.comparePasses]: comparePasses,
  [Command.openPod]: openPod,
  [Command.copyName]: copyName,
  [Command.deleteRunner]: deleteRunner,
  [Command.reconcileNow]: reconcileNow,
  [Command.explainWait]: explainWait,
  [Command.debugRunner]: debugRunner,
  [Command.attachDebugger]: attachDebugger,
  [Command.debugFromHere]: debugFromHere,
  [Command.tooLate]: tooLate,
  [Command.showMoment]: showMoment,
  [Command.killListener]: killListener,
  [Command.evictListener]: evictListener,
  [Command.slowListener]: slowListener,
  [Command.copyListenerName]: copyListenerName,
  [Command.fit]: (app) => app.activeTimeline()?.command('fit'),
  [Command.find]: (app) => app.activeTimeline()?.command('search'),
  [Command.table]: (app) => app.activeTimeline()?.command('table'),
  [Command.savePng]: (app) => app.activeTimeline()?.command('savePng'),
  [Command.saveSvg]: (app) => app.activeTimeline()?.command('saveSvg'),
  [Command.saveReport]: saveReport,
  [Command.manyBars]: showManyBars,
};

/** What else is read together with them. */
export { restoreWhatIf };

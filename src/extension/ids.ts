/** Names that package.json and code share, each written here once. A test compares them with package.json. */
export const EXTENSION = 'arcReconcilerLab';

/** Type of debug configurations. */
export const DEBUG_TYPE = 'arc-reconciler';

export const Command = {
  run: 'arcReconcilerLab.run',
  apply: 'arcReconcilerLab.apply',
  restore: 'arcReconcilerLab.restore',
  runAgain: 'arcReconcilerLab.runAgain',
  reconnect: 'arcReconcilerLab.reconnect',
  release: 'arcReconcilerLab.release',
  stop: 'arcReconcilerLab.stop',
  stopAll: 'arcReconcilerLab.stopAll',
  cancelAttach: 'arcReconcilerLab.cancelAttach',
  restart: 'arcReconcilerLab.restartInOtherMode',
  createRunners: 'arcReconcilerLab.createRunners',
  queueJobs: 'arcReconcilerLab.queueJobs',
  changeConditions: 'arcReconcilerLab.changeConditions',
  compare: 'arcReconcilerLab.compare',
  debug: 'arcReconcilerLab.debug',
  watch: 'arcReconcilerLab.watch',
  compareVersions: 'arcReconcilerLab.compareVersions',
  showTimeline: 'arcReconcilerLab.showTimeline',
  openTrace: 'arcReconcilerLab.openTrace',
  openTracesTogether: 'arcReconcilerLab.openTracesTogether',
  openLog: 'arcReconcilerLab.openLog',
  explainLog: 'arcReconcilerLab.explainLog',
  showFinding: 'arcReconcilerLab.showFinding',
  showLine: 'arcReconcilerLab.showLine',
  copySetting: 'arcReconcilerLab.copySetting',
  checkUpgrade: 'arcReconcilerLab.checkUpgrade',
  whatIf: 'arcReconcilerLab.whatIf',
  saveTrace: 'arcReconcilerLab.saveTrace',
  export: 'arcReconcilerLab.export',
  copyCommandLine: 'arcReconcilerLab.copyCommandLine',
  showLog: 'arcReconcilerLab.showLog',
  removeSession: 'arcReconcilerLab.removeSession',
  removeEnded: 'arcReconcilerLab.removeEnded',
  filterRunners: 'arcReconcilerLab.filterRunners',
  clearFilter: 'arcReconcilerLab.clearFilter',
  sortRunners: 'arcReconcilerLab.sortRunners',
  groupRunners: 'arcReconcilerLab.groupRunners',
  showMore: 'arcReconcilerLab.showMore',
  showInTimeline: 'arcReconcilerLab.runner.showInTimeline',
  openManifest: 'arcReconcilerLab.runner.openManifest',
  comparePasses: 'arcReconcilerLab.runner.comparePasses',
  openPod: 'arcReconcilerLab.runner.openPod',
  copyName: 'arcReconcilerLab.runner.copyName',
  deleteRunner: 'arcReconcilerLab.runner.delete',
  reconcileNow: 'arcReconcilerLab.runner.reconcileNow',
  explainWait: 'arcReconcilerLab.runner.explainWait',
  debugRunner: 'arcReconcilerLab.runner.debug',
  attachDebugger: 'arcReconcilerLab.attachDebugger',
  debugFromHere: 'arcReconcilerLab.timeline.debugFromHere',
  tooLate: 'arcReconcilerLab.tooLate',
  showMoment: 'arcReconcilerLab.timeline.showMoment',
  killListener: 'arcReconcilerLab.listener.kill',
  evictListener: 'arcReconcilerLab.listener.evict',
  slowListener: 'arcReconcilerLab.listener.slow',
  copyListenerName: 'arcReconcilerLab.listener.copyName',
  fit: 'arcReconcilerLab.timeline.fit',
  find: 'arcReconcilerLab.timeline.find',
  table: 'arcReconcilerLab.timeline.toggleTable',
  savePng: 'arcReconcilerLab.timeline.savePng',
  saveSvg: 'arcReconcilerLab.timeline.saveSvg',
  saveReport: 'arcReconcilerLab.timeline.saveReport',
  manyBars: 'arcReconcilerLab.developer.millionBars',
} as const;

type CommandId = (typeof Command)[keyof typeof Command];

/**
 * What may be done in a workspace that is not trusted: to look at traces and logs and to save runs, to arrange the view, and to
 * end what runs. Everything else needs trust, however it is called.
 */
export const WITHOUT_TRUST: ReadonlySet<CommandId> = new Set([
  Command.openTrace,
  Command.openTracesTogether,
  Command.openLog,
  Command.explainLog,
  Command.showFinding,
  Command.showLine,
  Command.copySetting,
  Command.showTimeline,
  Command.showInTimeline,
  Command.saveTrace,
  Command.export,
  Command.copyCommandLine,
  Command.copyName,
  Command.copyListenerName,
  Command.showLog,
  Command.stop,
  Command.stopAll,
  Command.cancelAttach,
  Command.removeSession,
  Command.removeEnded,
  Command.filterRunners,
  Command.clearFilter,
  Command.sortRunners,
  Command.groupRunners,
  Command.showMore,
  Command.fit,
  Command.find,
  Command.table,
  Command.savePng,
  Command.saveSvg,
  Command.saveReport,
  Command.manyBars,
  Command.showMoment,
]);

export const View = { runners: 'arcReconcilerLab.runners', findings: 'arcReconcilerLab.findings' } as const;
export const PANEL_TYPE = 'arcReconcilerLab.timeline';
export const WHAT_IF_PANEL = 'arcReconcilerLab.whatIf';
/** Answers of the command that finds a point of no return. */
export const HINDSIGHT_PANEL = 'arcReconcilerLab.hindsight';
export const TRACE_EDITOR = 'arcReconcilerLab.trace';
export const MANIFEST_SCHEME = 'arc-lab-manifest';
/** Answers about logs, and packed logs as text. */
export const ANSWER_SCHEME = 'arc-lab-findings';
export const LOG_SCHEME = 'arc-lab-log';
/** The language of answers: package.json has them wrapped, and none checks them as what their log is. */
export const ANSWER_LANGUAGE = 'arc-lab-findings';

/** Keys of `when` clauses. */
export const Context = {
  running: 'arcReconcilerLab.running',
  attaching: 'arcReconcilerLab.attaching',
  sessions: 'arcReconcilerLab.sessions',
  canCreate: 'arcReconcilerLab.canCreateRunners',
  jobs: 'arcReconcilerLab.hasJobs',
  filtered: 'arcReconcilerLab.filtered',
  timeline: 'arcReconcilerLab.timelineFocused',
  ended: 'arcReconcilerLab.endedSessions',
  kept: 'arcReconcilerLab.keptRuns',
  findings: 'arcReconcilerLab.hasFindings',
  held: 'arcReconcilerLab.heldSessions',
  disconnected: 'arcReconcilerLab.disconnected',
  developer: 'arcReconcilerLab.developer',
} as const;

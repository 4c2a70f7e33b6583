/** Names that package.json and code share, each written here once. A test compares them with package.json. */
export const EXTENSION = 'arcReconcilerLab';

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
  changeConditions: 'arcReconcilerLab.changeConditions',
  compare: 'arcReconcilerLab.compare',
  showTimeline: 'arcReconcilerLab.showTimeline',
  openTrace: 'arcReconcilerLab.openTrace',
  openTracesTogether: 'arcReconcilerLab.openTracesTogether',
  saveTrace: 'arcReconcilerLab.saveTrace',
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
  fit: 'arcReconcilerLab.timeline.fit',
  find: 'arcReconcilerLab.timeline.find',
  table: 'arcReconcilerLab.timeline.toggleTable',
  savePng: 'arcReconcilerLab.timeline.savePng',
  saveSvg: 'arcReconcilerLab.timeline.saveSvg',
  saveReport: 'arcReconcilerLab.timeline.saveReport',
  manyBars: 'arcReconcilerLab.developer.millionBars',
} as const;

export const View = { runners: 'arcReconcilerLab.runners' } as const;
export const PANEL_TYPE = 'arcReconcilerLab.timeline';
export const TRACE_EDITOR = 'arcReconcilerLab.trace';
export const MANIFEST_SCHEME = 'arc-lab-manifest';

/** Keys of `when` clauses. */
export const Context = {
  running: 'arcReconcilerLab.running',
  attaching: 'arcReconcilerLab.attaching',
  sessions: 'arcReconcilerLab.sessions',
  canCreate: 'arcReconcilerLab.canCreateRunners',
  filtered: 'arcReconcilerLab.filtered',
  timeline: 'arcReconcilerLab.timelineFocused',
  ended: 'arcReconcilerLab.endedSessions',
  kept: 'arcReconcilerLab.keptRuns',
  held: 'arcReconcilerLab.heldSessions',
  disconnected: 'arcReconcilerLab.disconnected',
  developer: 'arcReconcilerLab.developer',
} as const;

import { t } from '@vscode/l10n';
import { scaleSetFigures } from '../analysis/scale-set-figures.ts';
import { anyOf, inWords } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { visibleText } from '../base/visible-text.ts';
import { leaseLostText, lostText } from '../explain/connection-words.ts';
import { hasJobs, jobsVerdict } from '../explain/jobs-verdict.ts';
import { takeoverText } from '../explain/handover-words.ts';
import { markSentences } from '../explain/mark-words.ts';
import { jobSentences } from '../explain/job-sentences.ts';
import { listenerText } from '../explain/listener-waits.ts';
import { remadeSetsText } from '../explain/remade-sets.ts';
import { judgedRun, verdict } from '../explain/verdict.ts';
import { missedSentences } from '../run/conditions-words.ts';
import type { Notice } from '../protocol.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { Command } from './ids.ts';
import { endedAfter, type ShownSession, type TimelineSource } from './run.ts';
import { isFiltering, NO_FILTER, type RunnerFilter } from './runner-filter.ts';

/** What the picture shows, in one sentence; empty when there is nothing to say yet. */
export function headlineOf(sources: readonly TimelineSource[]): string {
  const found = sources.map((source) => source.verdict ?? source.session?.run.sentence);
  if (found.every((text) => text !== undefined)) return found.join(' ');
  if (sources.every(({ trace }) => hasJobs(trace))) {
    const said = jobsVerdict(sources.map(({ info, trace }) => ({ name: info.mode, trace })));
    return [said, ...aboveTexts(sources)].join(' ').trim();
  }
  return verdict(
    sources.map(({ info, trace, session }) => ({
      ...judgedRun(trace, session?.run.originUs ?? info.originUs, session?.run.nowUs()),
      name: info.name,
      isRunning: session?.ended === false && session.rest === undefined,
    })),
  );
}

/** What has become of sets and listeners. */
function aboveTexts(sources: readonly TimelineSource[]): string[] {
  return sources.flatMap(({ info, trace, session }) => {
    const originUs = session?.run.originUs ?? info.originUs;
    const listener = listenerText(trace, originUs, trace.endedUs ?? session?.run.nowUs());
    const text = [remadeSetsText(trace), listener].filter((part) => part !== '').join(' ');
    if (text === '') return [];
    return [sources.length > 1 ? `${info.mode}: ${text}` : text];
  });
}

/**
 * The banners of a run: what it does to a cluster, that it is stuck or has ended, and what can be done about it. Their
 * ids end with that of the session which their buttons' commands are for.
 */
export function noticesOf(sessions: readonly ShownSession[], nowMs: number, filter = NO_FILTER): Notice[] {
  const notices = [
    ...filterNotices(filter),
    ...sessions.flatMap((session) => clusterNotices(session, nowMs)),
    ...takeoverNotices(sessions),
    ...restNotices(sessions, nowMs),
    ...jobNotices(sessions),
    ...missedNotices(sessions),
    ...whyNotices(sessions),
  ];
  // Both modes on one cluster say the same of it.
  return notices.filter(({ text }, index) => notices.findIndex((other) => other.text === text) === index);
}

/** What traces that nothing runs behind say of how they came to be. */
export function traceNotices(sources: readonly TimelineSource[]): Notice[] {
  const texts = sources.flatMap(({ info, trace, session }) => {
    if (session !== undefined) return [];
    const marks = markSentences(trace);
    if (info.kind !== 'shadow') return marks;
    const { differences } = trace.header.settings;
    const text = typeof differences === 'string' ? visibleText(differences) : undefined;
    return [wasShadow(t('the cluster'), text), ...marks];
  });
  return [...new Set(texts)].map((text, index) => ({ id: `recorded/${index}`, severity: 'info', text, actions: [] }));
}

/** @param differences what was not as on the cluster: it stays true of the picture when the session has ended */
function wasShadow(where: string, differences = ''): string {
  return differences === ''
    ? t('Shadow: nothing was written to {0}.', where)
    : t('Shadow: nothing was written to {0}; {1}.', where, differences);
}

/** What the tree's filter leaves out is missed here by those who filtered the tree for something else. */
function filterNotices(filter: RunnerFilter): Notice[] {
  if (!isFiltering(filter)) return [];
  const { text, states } = filter;
  const parts = [
    text === '' ? '' : t('name contains “{0}”', text),
    states.length === 0 ? '' : t('state is {0}', anyOf(states)),
  ];
  const what = inWords(parts.filter((part) => part !== ''));
  const said = t('Runners are filtered, here and in the tree: {0}.', what);
  return [{ id: 'filter', severity: 'info', text: said, actions: [action(Command.clearFilter)] }];
}

function clusterNotices(session: ShownSession, nowMs: number): Notice[] {
  const { id, target, run, ended } = session;
  const notices: Notice[] = [];
  const { connection, leaseLoss } = run;
  if (leaseLoss !== undefined) {
    const text = leaseLostText(run.where, leaseLoss.why);
    const reconnect = { id: Command.runAgain, label: t('Reconnect') };
    notices.push({ id: `lease/${id}`, severity: 'error', text, actions: [reconnect, action(Command.showLog)] });
  }
  if (target.kind === 'embedded') return notices;
  if (ended) {
    if (!target.apply && target.watches !== true)
      notices.push({ id: `shadow/${id}`, severity: 'info', text: wasShadow(run.where, run.differences), actions: [] });
    return notices;
  }
  if (connection.state === 'lost') {
    const text = lostText(run.where, connection, nowMs);
    notices.push({
      id: `lost/${id}`,
      severity: 'error',
      text,
      actions: [action(Command.reconnect), action(Command.showLog)],
    });
  }
  if (run.held) {
    const text = t('Held: nothing is reconciled. The tree shows the current state.');
    notices.push({ id: `held/${id}`, severity: 'info', text, actions: [action(Command.release)] });
  }
  if (target.watches === true) {
    const text = t('Watched: this is what the controller on {0} does. Nothing is reconciled or written.', run.where);
    notices.push({ id: `watched/${id}`, severity: 'info', text, actions: [] });
    const unseen = run.unreadable;
    if (unseen !== '') notices.push({ id: `unseen/${id}`, severity: 'warning', text: unseen, actions: [] });
  } else if (target.apply) {
    const text = t('This session writes to {0}: what the reconciler does is done to the cluster.', run.where);
    notices.push({ id: `writes/${id}`, severity: 'warning', text, actions: [action(Command.stop)] });
  } else {
    const text = t('Shadow: nothing is written to {0}; {1}.', run.where, run.differences ?? '');
    notices.push({ id: `shadow/${id}`, severity: 'info', text, actions: [] });
  }
  return notices;
}

function restNotices(sessions: readonly ShownSession[], nowMs: number): Notice[] {
  const [first] = sessions;
  const texts = new Set(sessions.map(({ rest }) => rest?.text));
  if (first?.rest?.isOver === true && sessions.length > 1 && texts.size === 1) {
    const ends = sessions.map((session) => t('{0} after {1}', session.settings.mode, endedAfter(session)));
    return [over(first, `${first.rest.text} ${t('The sessions ended: {0}.', ends.join(', '))}`)];
  }
  return sessions.flatMap((session) => {
    const { id, rest, stopped, settings } = session;
    if (rest === undefined) return [];
    const text = sessions.length > 1 ? `${settings.mode}: ${rest.text}` : rest.text;
    if (rest.isOver) return [over(session, `${text} ${endText(session, nowMs)}`)];
    const actions = [action(Command.changeConditions), action(Command.stop)];
    return stopped ? [] : [{ id: `stuck/${id}`, severity: 'warning', text, actions }];
  });
}

/** What a later release makes of what an earlier one left: that it will come, or is there, and in the end what came of it. */
function takeoverNotices(sessions: readonly ShownSession[]): Notice[] {
  return sessions.flatMap(({ id, run, rest, ended, load, settings: { mode } }) => {
    const taken = run.takesOver;
    if (taken === undefined || load?.upgrade === undefined) return [];
    const { from, afterUs } = load.upgrade;
    const text =
      ended || rest !== undefined
        ? (takeoverText(taken) ?? '')
        : taken.environment.awaitsTakeover
          ? t('{0} runs first; {1} takes over {2} after the start.', from, mode, formatDuration(afterUs))
          : markSentences(run.trace).join(' ') || t('{0} took over from {1}.', mode, from);
    return [{ id: `takeover/${id}`, severity: 'info' as const, text, actions: [] }];
  });
}

/** A listener goes on polling when nothing else is left to do. */
function endText(session: ShownSession, nowMs: number): string {
  const after = endedAfter(session);
  if (!session.run.hasJobs || session.stopped) return t('Session ended after {0}.', after);
  const idleUs = nowMs * 1000 - Date.parse(session.run.trace.header.start) * 1000 - session.endedUs;
  const minutes = Math.floor(idleUs / 60e6);
  return minutes < 1
    ? t('Idle after {0}: only the listener goes on polling.', after)
    : t('Idle after {0}, for {1} min now: only the listener goes on polling.', after, minutes);
}

/** Of scale sets that have come to rest: why jobs came late or are not done, and which runners had none. */
function jobNotices(sessions: readonly ShownSession[]): Notice[] {
  return sessions.flatMap(({ id, run, rest, ended, settings: { mode } }) => {
    if (!run.hasJobs || !(ended || rest?.isOver === true)) return [];
    const { text, areDone } = jobsTold(run);
    if (text === '') return [];
    return [
      {
        id: `jobs/${id}`,
        severity: areDone ? ('info' as const) : ('warning' as const),
        text: sessions.length > 1 ? `${mode}: ${text}` : text,
        actions: [],
      },
    ];
  });
}

/** Which faults were asked for and have not happened by the end. */
function missedNotices(sessions: readonly ShownSession[]): Notice[] {
  return sessions.flatMap(({ id, run, ended, settings: { mode } }) => {
    const text = ended ? missedSentences(run.conditions?.missed ?? []).join(' ') : '';
    if (text === '') return [];
    const said = sessions.length > 1 ? `${mode}: ${text}` : text;
    return [{ id: `missed/${id}`, severity: 'info' as const, text: said, actions: [] }];
  });
}

interface JobsTold {
  /** Rows of the trace that it was made from. */
  readonly rows: number;
  readonly text: string;
  readonly areDone: boolean;
}

const TOLD = new WeakMap<TraceLog, JobsTold>();

/** Banners are made many times a second; this is made when the trace has changed. */
function jobsTold(run: ShownSession['run']): JobsTold {
  const { trace } = run;
  const known = TOLD.get(trace);
  if (known?.rows === trace.length) return known;
  const figures = scaleSetFigures(trace);
  const text = visibleText(jobSentences(trace, trace.endedUs ?? run.nowUs(), figures).join(' '));
  const areDone = figures.jobs.every(({ completedUs }) => completedUs !== undefined);
  const told = { rows: trace.length, text, areDone };
  TOLD.set(trace, told);
  return told;
}

/** Why versions that were compared differ. */
function whyNotices([first]: readonly ShownSession[]): Notice[] {
  const text = first?.why?.join(' ') ?? '';
  return first === undefined || text === '' ? [] : [{ id: `why/${first.id}`, severity: 'info', text, actions: [] }];
}

function over({ id, run }: ShownSession, text: string): Notice {
  const more = run.hasJobs ? Command.queueJobs : Command.createRunners;
  return {
    id: `over/${id}`,
    severity: 'info',
    text,
    actions: [action(more), action(Command.runAgain)],
  };
}

function action(id: string): Notice['actions'][number] {
  return { id, label: labels()[id] ?? id };
}

function labels(): Readonly<Record<string, string>> {
  return {
    [Command.reconnect]: t('Reconnect'),
    [Command.release]: t('Start Reconciling'),
    [Command.stop]: t('Stop'),
    [Command.showLog]: t('Show Log'),
    [Command.createRunners]: t('Create Runners…'),
    [Command.queueJobs]: t('Queue Jobs…'),
    [Command.runAgain]: t('Run Again'),
    [Command.changeConditions]: t('Change Conditions…'),
    [Command.clearFilter]: t('Clear Filter'),
  };
}

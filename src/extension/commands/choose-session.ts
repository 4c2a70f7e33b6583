import type { App } from '../app.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import type { Run, ShownSession } from '../run.ts';
import { descriptionOf, labelOf, runLabelOf } from '../session-words.ts';
import { askWhich } from './question.ts';

/** What a command was called on: a node of the tree, the id of a banner, or nothing. */
export type CalledOn = RunnerTreeNode | string | undefined;

/**
 * The sessions that a command is meant for: that of the node it was called on, those that people turned to last, the
 * only ones, or those of the run that is asked for.
 */
export async function chooseSessions(
  app: App,
  on: CalledOn,
  fits: (session: ShownSession) => boolean,
  question: string,
): Promise<readonly ShownSession[]> {
  const named = namedBy(app, on)?.filter(fits);
  if (named !== undefined && named.length > 0) return named;
  const current = app.current.sessions.filter(fits);
  if (current.length > 0) return current;
  const runs = liveFirst(app.sessions.runs).filter(({ sessions }) => sessions.some(fits));
  const items = runs.map((run) => ({
    label: runLabelOf(run),
    description: descriptionOf(run.sessions[0] as ShownSession),
    sessions: run.sessions.filter(fits),
  }));
  if (items.length < 2) return items[0]?.sessions ?? [];
  return (await askWhich(items, { placeHolder: question }))?.sessions ?? [];
}

/** As `chooseSessions`, and asks which one where a run has two. */
export async function chooseSession(
  app: App,
  on: CalledOn,
  fits: (session: ShownSession) => boolean,
  question: string,
): Promise<ShownSession | undefined> {
  const sessions = await chooseSessions(app, on, fits, question);
  if (sessions.length < 2) return sessions[0];
  const items = sessions.map((session) => ({ label: labelOf(session), description: descriptionOf(session), session }));
  return (await askWhich(items, { placeHolder: question }))?.session;
}

/** Live runs first, and of each kind the newest. */
function liveFirst(runs: readonly Run[]): readonly Run[] {
  const isLive = ({ sessions }: Run): boolean => sessions.some(({ ended }) => !ended);
  const newest = [...runs].reverse();
  return [...newest.filter(isLive), ...newest.filter((run) => !isLive(run))];
}

function namedBy({ sessions }: App, on: CalledOn): readonly ShownSession[] | undefined {
  if (typeof on === 'string') {
    // A banner of a timeline: it stands for the whole run.
    const session = sessions.session(on.slice(on.indexOf('/') + 1));
    return session === undefined ? undefined : sessions.runOf(session)?.sessions;
  }
  return on !== undefined && 'session' in on ? [on.session] : undefined;
}

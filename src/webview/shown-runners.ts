import { naturalOrder } from '../timeline/lane-order.ts';
import type { ShownRunners } from '../protocol.ts';
import type { SessionModel } from './session-model.ts';

/** Of each session the lanes of its runners in order; the same list for as long as it has as many. */
const inOrder = new WeakMap<SessionModel, Uint32Array>();

/** Of each session that is filtered, what is left of that list, for as long as both stay the same. */
const filtered = new WeakMap<SessionModel, { all: Uint32Array; filter: ShownRunners; lanes: Uint32Array }>();

/** The lanes of the session's runners that the tree's filter lets through, in order; the same list until that changes. */
export function shownRunners(session: SessionModel): Uint32Array {
  const all = everyRunner(session);
  const { filter } = session;
  if (filter === undefined) return all;
  const known = filtered.get(session);
  if (known?.all === all && known.filter === filter) return known.lanes;
  const isShown = testOf(session, filter);
  const lanes = all.filter(isShown);
  filtered.set(session, { all, filter, lanes });
  return lanes;
}

/** Whether the tree's filter lets the lane's runner through. */
export function isShownRunner(session: SessionModel, lane: number): boolean {
  return session.filter === undefined || shownRunners(session).includes(lane);
}

function testOf(session: SessionModel, { text, runners }: ShownRunners): (lane: number) => boolean {
  if (runners !== undefined) {
    const lanes = new Set(runners.map((runner) => session.laneOf(runner)));
    return (lane) => lanes.has(lane);
  }
  const names = session.names('runner');
  return (lane) => (names[lane] ?? '').toLowerCase().includes(text);
}

function everyRunner(session: SessionModel): Uint32Array {
  const known = inOrder.get(session);
  const names = session.names('runner');
  if (known?.length === names.length) return known;
  const lanes = naturalOrder(names);
  inOrder.set(session, lanes);
  return lanes;
}

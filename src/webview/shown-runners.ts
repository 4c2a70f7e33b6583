import { kindWord, RUNNER_KIND } from '../timeline/chain-words.ts';
import { chainOrder } from '../timeline/chain-order.ts';
import { naturalOrder } from '../timeline/lane-order.ts';
import type { ShownRunners } from '../protocol.ts';
import type { SessionModel } from './session-model.ts';

/** Of each session the lanes of its runners in order, with what lies above them; the same list until there are more or another scale set is known. */
const inOrder = new WeakMap<
  SessionModel,
  { readonly lanes: Uint32Array; readonly depth: Uint8Array | undefined; readonly placed: number }
>();

/** Of each session that is filtered, what is left of that list, for as long as both stay the same. */
const filtered = new WeakMap<SessionModel, { all: Uint32Array; filter: ShownRunners; lanes: Uint32Array }>();

/** The lanes of the session's runners that the tree's filter lets through, in order; the same list until that changes. */
export function shownRunners(session: SessionModel): Uint32Array {
  const all = everyRunner(session);
  const { filter } = session;
  if (filter === undefined) return all;
  const known = filtered.get(session);
  if (known?.all === all && known.filter === filter) return known.lanes;
  // What lies above runners is shown with them: there is little of it.
  const isRunnerShown = testOf(session, filter);
  const isShown = (lane: number): boolean => session.kindOf(lane) !== RUNNER_KIND || isRunnerShown(lane);
  const lanes = all.filter(isShown);
  filtered.set(session, { all, filter, lanes });
  return lanes;
}

/** Of each session that is searched for a kind, the lanes of that kind, for as long as the others stay the same. */
const ofKinds = new WeakMap<SessionModel, { all: Uint32Array; kind: string; lanes: Uint32Array }>();

/** Those of them whose kind is searched for; all of them for ''. */
export function lanesOfKind(session: SessionModel, kind: string): Uint32Array {
  const all = shownRunners(session);
  if (kind === '') return all;
  const known = ofKinds.get(session);
  if (known?.all === all && known.kind === kind) return known.lanes;
  const lanes = all.filter((lane) => isOfKind(session, lane, kind));
  ofKinds.set(session, { all, kind, lanes });
  return lanes;
}

/** Whether a lane's kind, or what people call it, has this in it. @param kind in small letters */
export function isOfKind(session: SessionModel, lane: number, kind: string): boolean {
  const its = session.kindOf(lane);
  return kind === '' || `${its} ${kindWord(its)}`.toLowerCase().includes(kind);
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
  const { placed } = session;
  if (known?.lanes.length === names.length && known.placed === placed) return known.lanes;
  const [kindOf, scaleSetOf] = [session.kindOf.bind(session), session.scaleSetOf.bind(session)];
  const order = session.hasChain
    ? chainOrder(names, kindOf, scaleSetOf)
    : { lanes: naturalOrder(names), depth: undefined };
  inOrder.set(session, { ...order, placed });
  return order.lanes;
}

/** How far a lane's name stands to the right of that of its scale set; 0 where there is none. */
export function depthOf(session: SessionModel, lane: number): number {
  return session.hasChain ? (inOrder.get(session)?.depth?.[lane] ?? 0) : 0;
}

import type { DebugCursor, ObjectMoment } from '../protocol.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { NO_PASS } from '../timeline/bars.ts';
import type { SessionModel } from './session-model.ts';
import type { Pointed } from './tip.ts';
import type { View } from './view.ts';

/** What VS Code's menu of the chart is given of the bar under the pointer; package.json names it. */
export function menuContext(view: View, pointed: Omit<Pointed, 'x' | 'y'> | undefined): string {
  const to = pointed?.bar === undefined ? undefined : momentOf(view, pointed.session, pointed.bar);
  const bar = to === undefined ? {} : { webviewSection: 'bar', session: pointed?.session.info.id, to };
  return JSON.stringify({ ...bar, preventDefaultContextMenuItems: true });
}

/** When a bar begins, and what it is of; undefined where no lane of an object has it. */
export function momentOf(view: View, session: SessionModel, { lane, pass, startUs }: Bar): ObjectMoment | undefined {
  const own = view.laneBy === 'runner' ? lane : pass === NO_PASS ? undefined : session.runners.laneOfPass(pass);
  const object = own === undefined ? undefined : session.names('runner')[own];
  if (own === undefined || object === undefined) return undefined;
  return { object, kind: session.kindOf(own), atUs: startUs };
}

/** The debugger stands somewhere else, which comes into view. */
export function moveCursor(view: View, id: string, cursor: DebugCursor | undefined): void {
  if (cursor === undefined) {
    view.cursors.delete(id);
    view.changed();
    return;
  }
  view.cursors.set(id, cursor);
  showMoment(view, id, cursor);
}

/** Brings a moment into view, on its lane where it has one. */
export function showMoment(view: View, id: string, { object, kind, atUs }: ObjectMoment): void {
  view.collapsed.delete(id);
  view.relayOut();
  const lane = view.session(id)?.laneOf(object, kind) ?? -1;
  view.bringIntoView({ session: id, lane, pass: NO_PASS, startUs: atUs, endUs: atUs });
  view.changed();
}

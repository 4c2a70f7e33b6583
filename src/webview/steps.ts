import { isPassKind } from '../timeline/bars.ts';
import { isEmpty } from '../timeline/query.ts';
import type { SessionModel } from './session-model.ts';
import { shownRunners } from './shown-runners.ts';
import type { PassPlace } from './pass-place.ts';
import type { View } from './view.ts';

/**
 * The pass that a step leads to: the next hit of a search, or else the next pass of the selected runner; with nothing
 * selected the first pass of all. Steps go round.
 * @param everywhere goes over all runners shown and all sessions instead, in order of time
 */
export function stepFrom(view: View, direction: 1 | -1, everywhere: boolean): PassPlace | undefined {
  const places = everywhere ? allPasses(view) : isEmpty(view.query) ? passesOfSelected(view) : view.matches;
  const { selected } = view;
  const at = places.findIndex(({ session, pass }) => session === selected?.session && pass === selected.pass);
  const next = at < 0 ? (direction > 0 ? 0 : places.length - 1) : (at + direction + places.length) % places.length;
  return places[next];
}

function passesOfSelected(view: View): PassPlace[] {
  const { selected, selectedRunner } = view;
  const session = view.session(selected?.session ?? selectedRunner?.session ?? '');
  const lane =
    selectedRunner === undefined ? selected?.lane : session?.laneOf(selectedRunner.runner, selectedRunner.kind);
  if (session === undefined || lane === undefined) return allPasses(view);
  return inOrder(passesOfLane(session, lane));
}

function allPasses(view: View): PassPlace[] {
  const places: PassPlace[] = [];
  for (const session of view.sessions) {
    for (const lane of shownRunners(session)) places.push(...passesOfLane(session, lane));
  }
  return inOrder(places);
}

/** The passes of a runner; one that has not ended lasts until now. */
export function passesOfLane(session: SessionModel, lane: number): PassPlace[] {
  const nowUs = session.nowUs(performance.now());
  const places: PassPlace[] = [];
  session.runners.forEach(lane, -Infinity, Infinity, ({ kind, pass, startUs, endUs }) => {
    if (isPassKind(kind)) places.push({ lane, pass, startUs, endUs: Math.min(endUs, nowUs), session: session.info.id });
  });
  return places;
}

function inOrder(places: PassPlace[]): PassPlace[] {
  return places.sort((a, b) => a.startUs - b.startUs || a.pass - b.pass);
}

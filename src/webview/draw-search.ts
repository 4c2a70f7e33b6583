import { isEmpty } from '../timeline/query.ts';
import { isPassKind, BarKind } from '../timeline/bars.ts';
import { isDetailed } from '../timeline/lane-shape.ts';
import { columnOf, withinBars, type Drawing } from './drawing.ts';
import type { SessionModel } from './session-model.ts';
import { shownRunners } from './shown-runners.ts';
import type { View } from './view.ts';

/** What a search does not find is this far gone. */
const DIMMED = 0.68;
/** The most lanes whose hits are marked; with more they could not be distinguished. */
const MAX_LANES = 400;

/**
 * Dims everything but the passes that a search finds, and frames these; so are, where lanes are no runners, the passes of
 * runners that the tree's filter lets through.
 */
export function drawSearch(drawing: Drawing): void {
  const { view, scene, theme, top, pen } = drawing;
  const { rows, scrollPx } = scene;
  const tests = view.sessions.map((session) => hitsOf(view, session));
  if (tests.every((isHit) => isHit === undefined)) return;
  withinBars(drawing, () => {
    rows.groups.forEach((group, number) => {
      const session = view.sessions[number];
      const isHit = tests[number];
      if (session === undefined || isHit === undefined || group.collapsed) return;
      const begin = top + rows.top(number) + rows.headerPx - scrollPx;
      pen.fillStyle = theme.background;
      pen.globalAlpha = DIMMED;
      const spans = [...spansOf(drawing, session, number, isHit)];
      // The ground is filled around the spans: by the rule of odd crossings they stay as they are.
      pen.beginPath();
      pen.rect(drawing.left, begin, view.widthPx, rows.bodyPx(group));
      for (const { x, y, width, height } of spans) pen.rect(x, y, width, height);
      pen.fill('evenodd');
      pen.globalAlpha = 1;
      pen.strokeStyle = theme.focus;
      pen.lineWidth = view.ratio;
      for (const { x, y, width, height } of spans) {
        if (height >= 6 * view.ratio) pen.strokeRect(x - 0.5, y + 0.5, width + 1, height - 1);
      }
    });
  });
}

type IsHit = (pass: number) => boolean;

/** Tells hits by the number of their pass; undefined where nothing is looked for. */
function hitsOf(view: View, session: SessionModel): IsHit | undefined {
  if (!isEmpty(view.query) && view.query.unknown.length === 0) {
    const hits = new Set<number>();
    for (const { session: id, pass } of view.matches) if (id === session.info.id) hits.add(pass);
    return (pass) => hits.has(pass);
  }
  if (session.filter === undefined || view.laneBy === 'runner') return undefined;
  const lanes = new Set<number | undefined>(shownRunners(session));
  return (pass) => lanes.has(session.runners.laneOfPass(pass));
}

interface Span {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The places of hits, side by side where they would overlap. */
function* spansOf(drawing: Drawing, session: SessionModel, number: number, isHit: IsHit): Generator<Span> {
  const { view, scene, top, left } = drawing;
  const { rows, scrollPx } = scene;
  const { lanes } = rows.groups[number] as (typeof rows.groups)[number];
  const { fromUs, pixelsPerUs } = view.viewport;
  const { originUs } = session.info;
  const toUs = fromUs + view.widthPx / pixelsPerUs;
  if (rows.scale.lanesAPixel > 1) return;
  const { lanePx } = rows.scale;
  const first = Math.max(0, Math.floor((scrollPx - rows.top(number) - rows.headerPx) / lanePx));
  const last = Math.min(lanes.length, first + MAX_LANES, first + Math.ceil(view.heightPx / lanePx) + 1);
  for (let index = first; index < last; index++) {
    const found: [from: number, to: number][] = [];
    session.store(view.laneBy).forEach(lanes[index] as number, fromUs + originUs, toUs + originUs, (bar) => {
      const isMeant =
        view.laneBy === 'api' ? bar.kind >= BarKind.throttled && bar.kind <= BarKind.refused : isPassKind(bar.kind);
      if (!isMeant || !isHit(bar.pass) || bar.endUs === Infinity) return;
      const x = columnOf(drawing, session, bar.startUs);
      found.push([x, Math.max(x + 2 * view.ratio, columnOf(drawing, session, bar.endUs))]);
    });
    found.sort((a, b) => a[0] - b[0]);
    // States of runner and pod are no part of a pass.
    const height = isDetailed(lanePx) ? lanePx * 0.68 : rows.lanePxOf(index);
    let free = left;
    const y = top + rows.laneTop(number, index) - scrollPx;
    for (const [from, to] of found) {
      const x = Math.max(from, free);
      if (to <= x) continue;
      yield { x, y, width: to - x, height };
      free = to;
    }
  }
}

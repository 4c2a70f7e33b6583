import { t } from '@vscode/l10n';
import { BarKind } from '../timeline/bars.ts';
import { kindLine, nameWithKind, RUNNER_KIND } from '../timeline/chain-words.ts';
import { fitEnds, fitStart } from '../timeline/fit-text.ts';
import { signsOfLane } from '../timeline/lane-marks.ts';
import { isDetailed, PASS_MIDDLE } from '../timeline/lane-shape.ts';
import { namesStep } from '../timeline/names-step.ts';
import { viewOf } from '../timeline/painter.ts';
import type { Pen } from '../timeline/pen.ts';
import type { RowGroup } from '../timeline/rows.ts';
import { spread } from '../timeline/spread.ts';
import { pixelAt } from '../timeline/viewport.ts';
import { setFont, type Drawing } from './drawing.ts';
import { drawLaneSign, markHalfPx } from './draw-marks.ts';
import { drawTroubles } from './draw-troubles.ts';
import { shortName } from './names.ts';
import { depthOf } from './shown-runners.ts';
import type { SessionModel } from './session-model.ts';

/** Of runners' names, which are no nearer to one another than this. */
const SMALLEST_FONT_PX = 9;
/** Of names of workers and kinds of request, with what lies between two of them. */
const KIND_NAME_PX = 13;
/** How far what belongs to something else stands to the right of it. */
const INDENT_PX = 8;
/** Room for a second line below the name. */
const TWO_LINES_PX = 24;
const LABELLED_LANE_PX = 18;
/** Height of a label with what it stands on. */
const LABEL_PX = 13;
/** Labels are drawn only where there are few bars: this many are looked at for each lane. */
const MAX_LABELLED_BARS = 400;

/** What waits inside passes are called in their bars; requests have their own words. */
const LABELS = (): Readonly<Partial<Record<BarKind, string>>> => ({
  [BarKind.retryWait]: t('to be repeated'),
  [BarKind.throttled]: t('client limiter'),
});

/** Names of the lanes in view, and over their bars the marks and labels that have room. */
export function drawLanes(drawing: Drawing): void {
  const { view, scene } = drawing;
  const { rows, scrollPx } = scene;
  const { lanePx, lanesAPixel } = rows.scale;
  rows.groups.forEach((group, number) => {
    const session = view.sessions[number];
    if (session === undefined || group.collapsed) return;
    if (view.laneBy === 'runner') drawRunnerNames(drawing, session, number);
    else drawKindNames(drawing, session, number);
    if (lanesAPixel > 1 || !isDetailed(lanePx)) return;
    const first = Math.max(0, Math.floor((scrollPx - rows.top(number) - rows.headerPx) / lanePx));
    for (let index = first; index < group.lanes.length; index++) {
      const y = rows.laneTop(number, index) - scrollPx;
      if (y > view.heightPx) break;
      const lane = group.lanes[index] as number;
      drawMarks(drawing, session, number, lane, drawing.top + y, lanePx);
      if (view.laneBy === 'runner') drawTroubles(drawing, session, lane, drawing.top + y, lanePx);
      if (lanePx >= LABELLED_LANE_PX * view.ratio) drawLabels(drawing, session, lane, drawing.top + y, lanePx);
    }
  });
}

/** The name of every lane, or where lanes are lower than names of one in several; a pointer shows those of the others. */
function drawRunnerNames(drawing: Drawing, session: SessionModel, number: number): void {
  const { view, scene } = drawing;
  const { rows, scrollPx } = scene;
  const { lanes } = rows.groups[number] as RowGroup;
  const { lanePx, lanesAPixel } = rows.scale;
  const step = namesStep(lanePx / lanesAPixel, SMALLEST_FONT_PX * view.ratio);
  const first = Math.max(0, Math.floor(((scrollPx - rows.top(number) - rows.headerPx) / lanePx) * lanesAPixel));
  for (let index = first - (first % step); index < lanes.length; index += step) {
    const y = rows.laneTop(number, index) - scrollPx;
    if (y > view.heightPx) break;
    drawRunnerName(drawing, session, lanes[index] as number, drawing.top + y, lanePx);
  }
}

function drawRunnerName(drawing: Drawing, session: SessionModel, lane: number, top: number, lanePx: number): void {
  const { pen, view, theme, left } = drawing;
  const { ratio } = view;
  const hasTwoLines = lanePx >= TWO_LINES_PX * ratio;
  setFont(drawing, Math.max(SMALLEST_FONT_PX, Math.min(12, lanePx / ratio - 1)));
  pen.fillStyle = theme.foreground;
  // Where names are taller than lanes, the first lane's stays below the group's head and the last one's above the chart's end.
  const halfPx = (SMALLEST_FONT_PX / 2) * ratio;
  const lowest = Math.max(top + lanePx * (hasTwoLines ? PASS_MIDDLE : 0.5), top + halfPx);
  const endPx = drawing.top + view.heightPx - halfPx;
  const middle = top + lanePx <= drawing.top + view.heightPx ? Math.min(lowest, endPx) : lowest;
  const kind = session.kindOf(lane);
  const name = shortName(session.names('runner')[lane] ?? '');
  const x = (12 + INDENT_PX * depthOf(session, lane)) * ratio;
  fillFitting(pen, kind === RUNNER_KIND ? name : nameWithKind(kind, name), x, middle, left - 8 * ratio - x);
  if (!hasTwoLines) return;
  setFont(drawing, 9.5);
  pen.fillStyle = theme.faint;
  const line = kind === RUNNER_KIND ? t('state, pod') : kindLine(kind);
  fillFitting(pen, line, x, top + lanePx * 0.86, left - 8 * ratio - x);
}

/** One name for all lanes of a worker or kind of request, centred on them where its neighbours leave room. */
function drawKindNames(drawing: Drawing, session: SessionModel, number: number): void {
  const { pen, view, scene, theme, top, left } = drawing;
  const { rows, scrollPx } = scene;
  const { lanes } = rows.groups[number] as RowGroup;
  const names = session.names(view.laneBy);
  const blocks: { name: string; from: number; to: number }[] = [];
  for (let index = 0; index < lanes.length; index++) {
    const name = names[lanes[index] as number] ?? '';
    const from = rows.laneTop(number, index);
    const block = blocks.at(-1);
    if (block?.name === name) block.to = from + rows.lanePxOf(index);
    else blocks.push({ name, from, to: from + rows.lanePxOf(index) });
  }
  const begin = rows.top(number) + rows.headerPx;
  const half = (KIND_NAME_PX / 2) * view.ratio;
  const { lanePx } = rows.scale;
  const above = isDetailed(lanePx) ? (0.5 - PASS_MIDDLE) * lanePx : 0;
  const wanted = blocks.map(({ from, to }) => (from + to) / 2 - above - begin - half);
  const room = rows.bodyPx(rows.groups[number] as RowGroup) - 2 * half;
  const places = spread(wanted, 2 * half, room);
  setFont(drawing, 11);
  pen.fillStyle = theme.foreground;
  blocks.forEach(({ name }, at) => {
    const y = top + begin - scrollPx + half + (places[at] as number);
    fillFitting(pen, name, 12 * view.ratio, y, left - 20 * view.ratio);
  });
}

function drawMarks(
  drawing: Drawing,
  session: SessionModel,
  number: number,
  lane: number,
  top: number,
  lanePx: number,
): void {
  const { view, scene } = drawing;
  const inView = viewOf(scene, number, view.widthPx);
  const signPx = 2 * markHalfPx(view, lanePx);
  for (const sign of signsOfLane(session.store(view.laneBy), lane, inView, signPx)) {
    drawLaneSign(drawing, sign, top, lanePx);
  }
}

/** Writes what a request is into its bar where it has room. */
function drawLabels(drawing: Drawing, session: SessionModel, lane: number, top: number, lanePx: number): void {
  const { pen, view, theme, left } = drawing;
  const { fromUs, pixelsPerUs } = view.viewport;
  const shift = session.info.originUs;
  const leastUs = (60 * view.ratio) / pixelsPerUs;
  const toUs = fromUs + view.widthPx / pixelsPerUs;
  let seen = 0;
  setFont(drawing, 10);
  session.store(view.laneBy).forEach(lane, fromUs + shift, toUs + shift, (bar) => {
    if (++seen > MAX_LABELLED_BARS || bar.kind < BarKind.retryWait || bar.kind > BarKind.refused) return;
    if (bar.endUs - bar.startUs < leastUs) return;
    const from = Math.max(left, left + pixelAt(view.viewport, bar.startUs - shift));
    const to = Math.min(left + view.widthPx, left + pixelAt(view.viewport, bar.endUs - shift));
    if (to - from < 50 * view.ratio) return;
    const text = LABELS()[bar.kind] ?? session.words[bar.detail] ?? '';
    const room = to - from - 10 * view.ratio;
    const shown = fitStart(text, room, (part) => pen.measureText(part).width);
    const [x, y] = [from + 5 * view.ratio, top + lanePx * 0.38];
    const isSolid = theme.palette[bar.kind]?.pattern === 'solid';
    // Nobody reads a text on the lines of a pattern.
    pen.fillStyle = theme.background;
    if (!isSolid)
      pen.fillRect(
        x - 3 * view.ratio,
        y - (LABEL_PX / 2) * view.ratio,
        pen.measureText(shown).width + 6 * view.ratio,
        LABEL_PX * view.ratio,
      );
    pen.fillStyle = isSolid ? theme.background : theme.foreground;
    pen.fillText(shown, x, y);
  });
}

function fillFitting(pen: Pen, text: string, x: number, y: number, room: number): void {
  pen.fillText(
    fitEnds(text, room, (part) => pen.measureText(part).width),
    x,
    y,
  );
}

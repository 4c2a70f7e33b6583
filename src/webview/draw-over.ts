import { formatDuration } from '../base/duration.ts';
import type { PassDetail } from '../protocol.ts';
import { pixelAt } from '../timeline/viewport.ts';
import { drawArrows, type Point } from './draw-arrow.ts';
import { columnOf, setFont, withinBars, type Drawing } from './drawing.ts';
import { GAIN_PX, gainsOf, type Gain } from './gain.ts';
import { placeOfLane } from './place-of-lane.ts';
import type { SessionModel } from './session-model.ts';

/** A frame around what is selected, and from a pass's requests to what they caused. */
export function drawSelection(drawing: Drawing, detail: PassDetail | undefined): void {
  const { view } = drawing;
  const { selected, selectedRunner } = view;
  if (selectedRunner !== undefined) {
    const lane = view.session(selectedRunner.session)?.laneOf(selectedRunner.runner, selectedRunner.kind);
    const place =
      view.laneBy === 'runner' && lane !== undefined ? placeOfLane(drawing, selectedRunner.session, lane) : undefined;
    if (place === undefined) return;
    const { past } = selectedRunner;
    const session = view.session(selectedRunner.session) as SessionModel;
    const right = drawing.left + view.widthPx;
    const from = past === undefined ? drawing.left : columnOf(drawing, session, past.startUs);
    const to = past === undefined ? right : Math.min(right, columnOf(drawing, session, past.endUs));
    frame(drawing, from, place.y + place.lanePx * 0.7, Math.max(3 * view.ratio, to - from), place.lanePx * 0.28);
    return;
  }
  // A pass has requests in many lanes of the API.
  if (selected === undefined || view.laneBy === 'api') return;
  const session = view.session(selected.session);
  const lane = view.laneBy === 'worker' ? session?.arrangement('worker').laneOfPass(selected.pass) : selected.lane;
  const place = lane === undefined ? undefined : placeOfLane(drawing, selected.session, lane);
  if (session === undefined || place === undefined) return;
  const { ratio } = view;
  const from = columnOf(drawing, session, selected.startUs);
  const width = Math.max(3 * ratio, columnOf(drawing, session, selected.endUs) - from);
  frame(drawing, from, place.y, width, Math.max(3, place.lanePx * 0.68));
  if (detail?.number === selected.pass && view.laneBy === 'runner')
    drawArrows(drawing, arrowsOf(drawing, session, detail, place));
}

function frame(drawing: Drawing, x: number, y: number, width: number, height: number): void {
  const { pen, view, theme, left } = drawing;
  const { ratio } = view;
  const right = left + view.widthPx;
  if (x > right || x + width < left) return;
  // All of the line is seen, also where the bar ends at the edge or goes on behind it.
  const from = Math.max(left + ratio, x - ratio);
  const to = Math.min(right - ratio, x + width + ratio);
  withinBars(drawing, () => {
    pen.lineWidth = 2 * ratio;
    pen.strokeStyle = theme.focus;
    pen.strokeRect(Math.min(from, to - ratio), y + ratio, Math.max(ratio, to - from), height);
  });
}

function arrowsOf(
  drawing: Drawing,
  session: SessionModel,
  { arrows }: PassDetail,
  { y, lanePx }: { y: number; lanePx: number },
): [Point, Point, Point][] {
  const { ratio } = drawing.view;
  return arrows.map(({ fromUs, toUs }) => {
    const [x1, x2] = [columnOf(drawing, session, fromUs), columnOf(drawing, session, toUs)];
    const bend = { x: (x1 + x2) / 2, y: y - 4 * ratio };
    return [{ x: x1, y: y + 3 * ratio }, bend, { x: x2, y: y + lanePx * 0.3 }];
  });
}

/** The one figure that modes are compared for, drawn where it is; nothing where it says nothing. */
export function drawGains(drawing: Drawing): void {
  const { view, scene, top } = drawing;
  const y = top + scene.rows.heightPx - scene.scrollPx + 12 * view.ratio;
  gainsOf(view.sessions).forEach((gain, line) => drawGain(drawing, gain, y + line * GAIN_PX * view.ratio));
}

function drawGain(drawing: Drawing, gain: Gain, y: number): void {
  const { pen, view, theme, left } = drawing;
  const { ratio } = view;
  const [x1, x2] = [gain.fromUs, gain.toUs].map((us) => left + pixelAt(view.viewport, us)).sort((a, b) => a - b) as [
    number,
    number,
  ];
  const from = Math.max(left, x1);
  const colour = gain.isEarlier ? theme.gain : theme.foreground;
  pen.fillStyle = colour;
  pen.fillRect(from, y, Math.max(0, x2 - from), 2 * ratio);
  setFont(drawing, 12, '600');
  const { width } = pen.measureText(gain.text);
  const x = Math.max(12 * ratio, Math.min(Math.max(left, x1), left + view.widthPx - width - 8 * ratio));
  // The axis's lines would go through the letters.
  pen.fillStyle = theme.background;
  pen.fillRect(x - 2 * ratio, y + 5 * ratio, width + 4 * ratio, 16 * ratio);
  pen.fillStyle = colour;
  pen.fillText(gain.text, x, y + 13 * ratio);
}

/** The stretch of time that a person measures, with its length on a ground of its own below the heads of groups. */
export function drawMeasure(drawing: Drawing): void {
  const { pen, view, scene, theme, left, top } = drawing;
  const { measure, ratio } = view;
  if (measure === undefined) return;
  const [x1, x2] = [measure.fromUs, measure.toUs].map((us) => left + pixelAt(view.viewport, us)) as [number, number];
  const from = Math.max(left, Math.min(x1, x2));
  const to = Math.max(left, Math.max(x1, x2));
  pen.globalAlpha = 0.18;
  pen.fillStyle = theme.focus;
  pen.fillRect(from, top, to - from, view.heightPx);
  pen.globalAlpha = 1;
  setFont(drawing, 12, '600');
  const text = formatDuration(Math.abs(Math.round(measure.toUs - measure.fromUs)));
  const width = pen.measureText(text).width + 12 * ratio;
  const [x, y, height] = [(from + to - width) / 2, top + scene.rows.headerPx + 4 * ratio, 20 * ratio];
  pen.fillStyle = theme.background;
  pen.strokeStyle = theme.focus;
  pen.lineWidth = ratio;
  pen.fillRect(x, y, width, height);
  pen.strokeRect(x, y, width, height);
  pen.fillStyle = theme.foreground;
  pen.fillText(text, x + 6 * ratio, y + height / 2);
}

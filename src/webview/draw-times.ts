import { t } from '@vscode/l10n';
import { formatAge, formatDuration } from '../base/duration.ts';
import { tickLabel } from '../timeline/ticks.ts';
import { pixelAt } from '../timeline/viewport.ts';
import { columnOf, setFont, withinBars, type Drawing } from './drawing.ts';

/** The axis's times, and the one that each session has got to. */
export function drawAxis(drawing: Drawing, stepUs: number): void {
  const { context, view, theme, left, top } = drawing;
  setFont(drawing, 11);
  context.fillStyle = theme.faint;
  context.textAlign = 'center';
  const endUs = view.viewport.fromUs + view.widthPx / view.viewport.pixelsPerUs;
  const labels = nowLabels(drawing);
  const taken = labels.map(({ x, width }) => [x - width / 2, x + width / 2] as const);
  for (let tick = Math.ceil(view.viewport.fromUs / stepUs) * stepUs; tick <= endUs; tick += stepUs) {
    const x = left + pixelAt(view.viewport, tick);
    const label = tickLabel(tick, stepUs);
    const half = context.measureText(label).width / 2 + 4 * view.ratio;
    if (x >= left && taken.every(([from, to]) => x + half < from || x - half > to)) context.fillText(label, x, top / 2);
  }
  for (const { x, text } of labels) {
    context.fillStyle = theme.foreground;
    context.fillText(text, x, top / 2);
  }
  context.textAlign = 'left';
  context.fillStyle = theme.background;
  context.fillRect(0, 0, left - 2, top);
}

/** Through each group a line at the time that its session has got to: now, or its end. */
export function drawNowLines(drawing: Drawing): void {
  const { context, view, scene, theme, top } = drawing;
  const { rows, scrollPx } = scene;
  withinBars(drawing, () => {
    view.sessions.forEach((session, number) => {
      const group = rows.groups[number];
      if (group === undefined || !session.hasTime) return;
      const x = Math.round(columnOf(drawing, session, scene.nowUs[number] ?? 0));
      const y = top + rows.top(number) + rows.headerPx - scrollPx;
      const { ratio } = view;
      context.strokeStyle = session.info.live ? theme.now : theme.faint;
      context.lineWidth = (session.info.live ? 2 : 1) * ratio;
      context.setLineDash(session.info.live ? [] : [4 * ratio, 3 * ratio]);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x, y + rows.bodyPx(group));
      context.stroke();
    });
  });
}

/** What the lines say on the axis. Sessions that were started together have got as far as one another. */
function nowLabels(drawing: Drawing): { x: number; text: string; width: number }[] {
  const { context, view, scene, left } = drawing;
  const labels: { x: number; text: string; width: number }[] = [];
  view.sessions.forEach((session, number) => {
    if (!session.hasTime) return;
    const nowUs = scene.nowUs[number] ?? 0;
    const column = columnOf(drawing, session, nowUs);
    const atUs = Math.max(0, nowUs - session.info.originUs);
    const text = session.info.live ? t('now {0}', passingTime(atUs)) : t('ended {0}', formatDuration(atUs));
    const width = context.measureText(text).width + 8 * view.ratio;
    if (column < left || column > left + view.widthPx + 1) return;
    const x = Math.min(column, left + view.widthPx - width / 2);
    if (labels.every((other) => Math.abs(other.x - x) > (other.width + width) / 2)) labels.push({ x, text, width });
  });
  return labels;
}

/** Digits that fly by say nothing: from ten seconds on whole ones are enough. */
function passingTime(us: number): string {
  return us < 10e6 ? formatDuration(Math.round(us / 1e4) * 1e4) : formatAge(us);
}

import { t } from '@vscode/l10n';
import { formatAge, formatDuration } from '../base/duration.ts';
import { axisLabels } from '../timeline/axis-labels.ts';
import type { SessionModel } from './session-model.ts';
import { columnOf, setFont, withinBars, type Drawing } from './drawing.ts';

/** The axis's times, and the one that each session has got to. */
export function drawAxis(drawing: Drawing, stepUs: number): void {
  const { pen, view, theme, left, top } = drawing;
  setFont(drawing, 11);
  pen.textAlign = 'center';
  const labels = nowLabels(drawing);
  const taken = labels.map(({ x, width }) => [x - left - width / 2, x - left + width / 2] as const);
  const widthOf = (text: string): number => pen.measureText(text).width;
  pen.fillStyle = theme.faint;
  for (const { text, x } of axisLabels(view.viewport, stepUs, view.widthPx, widthOf, taken)) {
    pen.fillText(text, left + x, top / 2);
  }
  pen.fillStyle = theme.foreground;
  for (const { x, text } of labels) pen.fillText(text, x, top / 2);
  pen.textAlign = 'left';
}

/** Through each group a line at the time that its session has got to: now, or its end. */
export function drawNowLines(drawing: Drawing): void {
  const { pen, view, scene, theme, top } = drawing;
  const { rows, scrollPx } = scene;
  withinBars(drawing, () => {
    view.sessions.forEach((session, number) => {
      const group = rows.groups[number];
      if (group === undefined || !session.hasTime) return;
      const x = Math.round(columnOf(drawing, session, scene.nowUs[number] ?? 0));
      const y = top + rows.top(number) + rows.headerPx - scrollPx;
      const { ratio } = view;
      pen.strokeStyle = session.info.live ? theme.now : theme.faint;
      pen.lineWidth = (session.info.live ? 2 : 1) * ratio;
      pen.setLineDash(session.info.live ? [] : [4 * ratio, 3 * ratio]);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x, y + rows.bodyPx(group));
      pen.stroke();
    });
  });
}

/** What the lines say on the axis. Sessions that were started together share their current time. */
function nowLabels(drawing: Drawing): { x: number; text: string; width: number }[] {
  const { pen, view, scene, left } = drawing;
  const labels: { x: number; text: string; width: number }[] = [];
  view.sessions.forEach((session, number) => {
    if (!session.hasTime) return;
    const nowUs = scene.nowUs[number] ?? 0;
    const column = columnOf(drawing, session, nowUs);
    const atUs = Math.max(0, nowUs - session.info.originUs);
    const idleUs = view.idleUs(session);
    const text = nowText(session, atUs, idleUs);
    const width = pen.measureText(text).width + 8 * view.ratio;
    // The time that an idle session has got to lies beyond the axis; that it is idle is said at the end.
    const isBeyond = column > left + view.widthPx + 1;
    if (column < left || (isBeyond && idleUs === undefined)) return;
    const x = Math.max(left + width / 2, Math.min(column, left + view.widthPx - width / 2));
    if (labels.every((other) => Math.abs(other.x - x) > (other.width + width) / 2)) labels.push({ x, text, width });
  });
  return labels;
}

function nowText({ info }: SessionModel, atUs: number, idleUs: number | undefined): string {
  if (idleUs !== undefined) return t('idle for {0}', formatAge(idleUs));
  if (info.live) return t('now {0}', passingTime(atUs));
  return info.polls === true ? t('idle since {0}', formatDuration(atUs)) : t('ended {0}', formatDuration(atUs));
}

/** Digits that fly by say nothing: from ten seconds on whole ones are enough. */
function passingTime(us: number): string {
  return us < 10e6 ? formatDuration(Math.round(us / 1e4) * 1e4) : formatAge(us);
}

import { t } from '@vscode/l10n';
import { passesText, podsText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import type { SessionKind } from '../protocol.ts';
import { fitEnds } from '../timeline/fit-text.ts';
import { setFont, type Drawing } from './drawing.ts';
import type { SessionModel } from './session-model.ts';

/** What lanes are, one and many. */
const LANE_WORDS = {
  runner: [t('runner'), t('runners')],
  worker: [t('worker'), t('workers')],
  api: [t('kind of request'), t('kinds of request')],
} as const;

/** What a session does to a cluster, where that is not plain; it stands on the group as a badge. */
const KIND_WORDS: Readonly<Record<SessionKind, string>> = {
  embedded: '',
  trace: '',
  shadow: t('shadow: nothing is written'),
  apply: t('WRITES'),
};

/** The heads of the groups; one stays in sight for as long as one of its lanes does. */
export function drawHeaders(drawing: Drawing): void {
  const { view, scene, top } = drawing;
  const { rows, scrollPx } = scene;
  view.sessions.forEach((session, number) => {
    const group = rows.groups[number];
    if (group === undefined) return;
    const bottom = rows.top(number) + rows.headerPx + rows.bodyPx(group);
    const y = top + Math.min(Math.max(0, rows.top(number) - scrollPx), bottom - rows.headerPx - scrollPx);
    if (y < top - rows.headerPx || y > top + view.heightPx) return;
    const lanes = view.laneBy === 'api' ? session.arrangement('api').kinds : group.lanes.length;
    drawHeader(drawing, session, lanes, y, rows.headerPx);
  });
}

function drawHeader(drawing: Drawing, session: SessionModel, lanes: number, y: number, height: number): void {
  const { pen, view, theme, left } = drawing;
  const { ratio } = view;
  const { info } = session;
  pen.fillStyle = theme.header;
  pen.fillRect(0, y, view.canvasWidthPx, height);
  pen.fillStyle = theme.sessions[info.colour % theme.sessions.length] ?? theme.focus;
  pen.fillRect(0, y, 4 * ratio, height);
  const middle = y + height / 2;
  const right = left + view.widthPx - 12 * ratio;
  let x = 12 * ratio;
  const write = (text: string, px: number, weight: string, colour: string, room: number): void => {
    setFont(drawing, px, weight);
    pen.fillStyle = colour;
    const shown = fitEnds(text, room, (part) => pen.measureText(part).width);
    pen.fillText(shown, x, middle);
    x += pen.measureText(shown).width + 10 * ratio;
  };
  write(`${view.collapsed.has(info.id) ? '▸' : '▾'} ${info.mode}`, 12, '600', theme.foreground, right - x);
  const kind = KIND_WORDS[info.kind];
  if (kind !== '') x += drawBadge(drawing, kind, info.kind === 'apply', x, y, height) + 10 * ratio;
  const words = LANE_WORDS[view.laneBy][lanes === 1 ? 0 : 1];
  const about = `${info.era === '' ? '' : `${info.era} · `}${info.name} · ${lanes} ${words}${info.live ? '' : t(' · ended')}`;
  write(about, 11, '', theme.faint, right - x);
  const figures = figuresOf(session);
  const width = pen.measureText(figures).width;
  if (x + width > right) return;
  pen.fillStyle = theme.foreground;
  pen.fillText(figures, right - width, middle);
}

/** @returns its width */
function drawBadge(drawing: Drawing, text: string, isLoud: boolean, x: number, y: number, height: number): number {
  const { pen, view, theme } = drawing;
  const { ratio } = view;
  setFont(drawing, 10.5, isLoud ? '700' : '');
  const width = pen.measureText(text).width + 12 * ratio;
  const inset = 4 * ratio;
  pen.lineWidth = ratio;
  pen.strokeStyle = pen.fillStyle = isLoud ? theme.colours.refused : theme.faint;
  pen.beginPath();
  pen.roundRect(x, y + inset, width, height - 2 * inset, 3 * ratio);
  if (isLoud) pen.fill();
  else pen.stroke();
  pen.fillStyle = isLoud ? theme.background : theme.foreground;
  pen.fillText(text, x + 6 * ratio, y + height / 2);
  return width;
}

function figuresOf({ pods, runners }: SessionModel): string {
  const passes = passesText(runners.passes);
  if (pods === undefined) return passes;
  const [first, last] = [formatDuration(pods.firstUs), formatDuration(pods.lastUs)];
  return t('first pod {0} · last {1} · {2} · {3}', first, last, podsText(pods.count), passes);
}

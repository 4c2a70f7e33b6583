import { t } from '@vscode/l10n';
import { passesText } from '../base/count-words.ts';
import type { SessionKind } from '../protocol.ts';
import { RUNNER_KIND } from '../timeline/chain-words.ts';
import { fitEnds } from '../timeline/fit-text.ts';
import { podWords } from '../timeline/pod-words.ts';
import { setFont, type Drawing } from './drawing.ts';
import { ownNames } from './names.ts';
import type { SessionModel } from './session-model.ts';
import { HEADER_PX } from './header-height.ts';
import type { View } from './view.ts';

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
  watch: t('watched: nothing is reconciled'),
};

/** The heads of the groups; one stays in sight for as long as one of its lanes does. */
export function drawHeaders(drawing: Drawing): void {
  const { view, scene, top } = drawing;
  const { rows, scrollPx } = scene;
  const names = ownNames(view.sessions.map(({ info }) => info));
  view.sessions.forEach((session, number) => {
    const group = rows.groups[number];
    if (group === undefined) return;
    const bottom = rows.top(number) + rows.headerPx + rows.bodyPx(group);
    const y = top + Math.min(Math.max(0, rows.top(number) - scrollPx), bottom - rows.headerPx - scrollPx);
    if (y < top - rows.headerPx || y > top + view.heightPx) return;
    const lanes = view.laneBy === 'api' ? session.arrangement('api').kinds : laneCount(view, session, group.lanes);
    drawHeader(drawing, session, aboutOf(view, session, lanes, names[number] ?? ''), y, rows.headerPx);
  });
}

/** Mode and badge on the left, figures on the right, and between them, or below where they need the width, what it is. */
function drawHeader(drawing: Drawing, session: SessionModel, about: string, y: number, height: number): void {
  const { pen, view, theme, left } = drawing;
  const { ratio } = view;
  const { info } = session;
  pen.fillStyle = theme.header;
  pen.fillRect(0, y, view.canvasWidthPx, height);
  pen.fillStyle = theme.sessions[info.colour % theme.sessions.length] ?? theme.focus;
  pen.fillRect(0, y, 4 * ratio, height);
  const linePx = Math.min(height, HEADER_PX * ratio);
  const right = left + view.widthPx - 12 * ratio;
  const write = (text: string, x: number, middle: number, room: number): number => {
    const shown = fitEnds(text, room, (part) => pen.measureText(part).width);
    pen.fillText(shown, x, middle);
    return x + pen.measureText(shown).width + 10 * ratio;
  };
  setFont(drawing, 12, '600');
  pen.fillStyle = theme.foreground;
  const arrow = view.collapsed.has(info.id) ? '▸' : '▾';
  let x = write(`${arrow} ${info.mode}`, 12 * ratio, y + linePx / 2, right - 12 * ratio);
  const kind = KIND_WORDS[info.kind];
  if (kind !== '') x += drawBadge(drawing, kind, info.kind === 'apply', x, y, linePx) + 10 * ratio;
  setFont(drawing, 11);
  const figures = figuresOf(session);
  const width = Math.min(right - x, pen.measureText(figures).width);
  pen.fillStyle = theme.foreground;
  write(figures, right - width, y + linePx / 2, width);
  pen.fillStyle = theme.faint;
  if (height > linePx) write(about, 12 * ratio, y + height - 11 * ratio, right - 12 * ratio);
  else write(about, x, y + linePx / 2, right - width - 10 * ratio - x);
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

/** How many runners or workers lanes are of: what lies above runners does not count. */
function laneCount({ laneBy }: View, session: SessionModel, lanes: ArrayLike<number>): number {
  if (laneBy === 'worker' || !session.hasChain) return lanes.length;
  return Array.from(lanes).filter((lane) => session.kindOf(lane) === RUNNER_KIND).length;
}

function aboutOf({ laneBy }: View, { info, filter, runnerCount }: SessionModel, lanes: number, name: string): string {
  const all = laneBy === 'runner' && filter !== undefined ? runnerCount : lanes;
  const many = `${all} ${LANE_WORDS[laneBy][all === 1 ? 0 : 1]}`;
  const count = all === lanes ? many : t('{0} of {1}', lanes, many);
  return [info.era, name, count, info.live ? '' : info.polls === true ? t('idle') : t('ended')]
    .filter((part) => part !== '')
    .join(' · ');
}

function figuresOf({ pods, passes }: SessionModel): string {
  const text = passesText(passes);
  return pods === undefined ? text : `${podWords(pods)} · ${text}`;
}

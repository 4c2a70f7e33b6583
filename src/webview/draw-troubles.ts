import { BarKind, isPassKind } from '../timeline/bars.ts';
import { fitStart } from '../timeline/fit-text.ts';
import { codeWords } from '../problems/code-words.ts';
import { signsOfLane } from '../timeline/lane-marks.ts';
import { viewOf } from '../timeline/painter.ts';
import { isCommonWord } from '../timeline/trouble-words.ts';
import { columnOf, setFont, type Drawing } from './drawing.ts';
import { markHalfPx, markMiddlePx } from './draw-marks.ts';
import type { SessionModel } from './session-model.ts';

/** Bars that are looked at in a lane. */
const MAX_BARS = 2_000;
const LABELLED_LANE_PX = 18;
const LEAST_LABEL_PX = 44;
/** The middle of a word in its lane, as a fraction of the lane's height, and half of the word's own. */
const WORD_MIDDLE = 0.42;
const WORD_HALF_PX = 7;
/** Less of a word than this says nothing. */
const LEAST_LETTERS = 6;

/** What is wrong with a pod, on its lane beside the sign of when it began, for as long as it lasts and fits. */
export function drawTroubles(drawing: Drawing, session: SessionModel, lane: number, top: number, lanePx: number): void {
  const { view, scene, left } = drawing;
  if (lanePx < LABELLED_LANE_PX * view.ratio) return;
  const { fromUs, pixelsPerUs } = view.viewport;
  const { originUs } = session.info;
  const toUs = fromUs + view.widthPx / pixelsPerUs;
  const right = left + view.widthPx;
  const nowUs = scene.nowUs[view.sessions.indexOf(session)];
  const taken = [...labelledPasses(drawing, session, lane), ...signsBeside(drawing, session, lane, lanePx)];
  taken.sort((a, b) => a.from - b.from);
  let seen = 0;
  session.runners.forEach(lane, fromUs + originUs, toUs + originUs, ({ kind, startUs, endUs, detail }) => {
    if (++seen > MAX_BARS || kind < BarKind.podCreated || kind > BarKind.podFailed) return;
    const word = session.words[detail] ?? '';
    // What every pod waits for is shown by the tooltip and the panel.
    if (word === '' || isCommonWord(word)) return;
    const from = Math.max(left, columnOf(drawing, session, startUs));
    const to = Math.min(right, columnOf(drawing, session, Math.min(endUs, nowUs ?? endUs)));
    const room = firstRoom(from, to, taken, LEAST_LABEL_PX * view.ratio);
    if (room !== undefined) drawWord(drawing, codeWords(word), room.from, room.to, top, lanePx);
  });
}

/** A stretch of a lane, in pixels. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The passes in view that are wide enough for the names of their requests. */
function labelledPasses(drawing: Drawing, session: SessionModel, lane: number): Stretch[] {
  const { view } = drawing;
  const { fromUs, pixelsPerUs } = view.viewport;
  const { originUs } = session.info;
  const passes: Stretch[] = [];
  let seen = 0;
  const toUs = fromUs + view.widthPx / pixelsPerUs;
  session.runners.forEach(lane, fromUs + originUs, toUs + originUs, ({ kind, startUs, endUs }) => {
    if (++seen > MAX_BARS || !isPassKind(kind) || (endUs - startUs) * pixelsPerUs < LEAST_LABEL_PX * view.ratio) return;
    passes.push({ from: columnOf(drawing, session, startUs), to: columnOf(drawing, session, endUs) });
  });
  return passes;
}

/** The signs of a lane, where they and the words are on one height: in high lanes the words stand below them. */
function signsBeside(drawing: Drawing, session: SessionModel, lane: number, lanePx: number): Stretch[] {
  const { view, scene, left } = drawing;
  const half = markHalfPx(view, lanePx);
  if (markMiddlePx(view, lanePx) + half <= lanePx * WORD_MIDDLE - WORD_HALF_PX * view.ratio) return [];
  const inView = viewOf(scene, view.sessions.indexOf(session), view.widthPx);
  const signs = signsOfLane(session.runners, lane, inView, 2 * half);
  return signs.map(({ x, widthPx }) => ({ from: left + x - widthPx / 2, to: left + x + widthPx / 2 }));
}

/** The first stretch between others that is wide enough. */
export function firstRoom(from: number, to: number, taken: readonly Stretch[], leastPx: number): Stretch | undefined {
  let free = from;
  for (const one of taken) {
    if (one.to <= free) continue;
    const end = Math.min(to, one.from);
    if (end - free >= leastPx) return { from: free, to: end };
    free = one.to;
  }
  return to - free >= leastPx ? { from: free, to } : undefined;
}

function drawWord(drawing: Drawing, word: string, from: number, to: number, top: number, lanePx: number): void {
  const { pen, view, theme } = drawing;
  const { ratio } = view;
  const x = from + markHalfPx(view, lanePx) + 4 * ratio;
  const y = top + lanePx * WORD_MIDDLE;
  setFont(drawing, 10.5, '600');
  const shown = fitStart(word, to - x - 4 * ratio, (text) => pen.measureText(text).width);
  if (shown.length < Math.min(LEAST_LETTERS, word.length)) return;
  pen.fillStyle = theme.background;
  const ground = { width: pen.measureText(shown).width + 4 * ratio, height: 2 * WORD_HALF_PX * ratio };
  pen.fillRect(x - 2 * ratio, y - ground.height / 2, ground.width, ground.height);
  pen.fillStyle = theme.foreground;
  pen.fillText(shown, x, y);
}

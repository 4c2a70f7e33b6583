import type { Pen } from '../timeline/pen.ts';
import type { Scene } from '../timeline/painter.ts';
import { pixelAt } from '../timeline/viewport.ts';
import type { SessionModel } from './session-model.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** What is drawn over the bars, and where: positions are device pixels from the pen’s origin. */
export interface Drawing {
  readonly pen: Pen;
  readonly view: View;
  readonly scene: Scene;
  readonly theme: Theme;
  /** Where the bars begin: right of the names, below the axis. */
  readonly left: number;
  readonly top: number;
}

/** @param px height in CSS pixels */
export function setFont({ pen, view, theme }: Drawing, px: number, weight = ''): void {
  pen.font = `${weight} ${Math.round(px * view.ratio)}px ${theme.font}`;
}

/** The canvas's column of a moment in a session's time. */
export function columnOf({ view, left }: Drawing, session: SessionModel, us: number): number {
  return left + pixelAt(view.viewport, us - session.info.originUs);
}

/** Draws with what lies outside of the bars' place cut off. */
export function withinBars({ pen, view, left, top }: Drawing, draw: () => void): void {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, view.widthPx, view.heightPx);
  pen.clip();
  draw();
  pen.restore();
}

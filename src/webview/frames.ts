import { stillPictureMs } from '../timeline/now-line.ts';
import { onceAFrame } from './once-a-frame.ts';
import type { View } from './view.ts';

/** While something happens, drawing goes on by itself until this long after the last message. */
const QUIET_MS = 1_500;

/** When the page draws: once for whatever has changed, on and on while something happens, and now and then while only time goes on. */
export class Frames {
  readonly #view: View;
  /** Something has changed that the page does not show yet. */
  readonly ask: () => void;
  #heardMs = -Infinity;
  #stillTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: View, draw: () => void) {
    this.#view = view;
    this.ask = onceAFrame(() => {
      clearTimeout(this.#stillTimer);
      draw();
      this.#next();
    });
  }

  /** A message has come. */
  heard(): void {
    this.#heardMs = performance.now();
  }

  /** What comes after a frame: another one, one in a while, or none at all where nothing lives. */
  #next(): void {
    const view = this.#view;
    const isMoving = performance.now() - this.#heardMs < QUIET_MS && view.sessions.some(({ busy }) => busy);
    if (isMoving && view.following) {
      this.ask();
      return;
    }
    if (!view.isLive) return;
    const waitMs = stillPictureMs(view.viewport.pixelsPerUs, view.isNowInView());
    this.#stillTimer = setTimeout(this.ask, waitMs);
  }
}

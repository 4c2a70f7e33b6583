import { scrolledTo, thumbOf, type Scrolled } from '../timeline/scrollbar.ts';
import { byId } from './dom.ts';
import { AXIS_PX, type View } from './view.ts';

/** Of what is seen, a click beside the thumb scrolls this much. */
const PAGE = 0.9;

/** The bar at the right edge of the chart, there while lanes lie outside of what is seen. */
export class Scrollbar {
  readonly #view: View;
  readonly #track = byId('scrollbar');
  readonly #thumb = byId('scrollbar-thumb');

  constructor(view: View) {
    this.#view = view;
    let grabbed: number | undefined;
    this.#track.addEventListener('pointerdown', (event) => {
      const top = event.clientY - this.#thumb.getBoundingClientRect().top;
      if (top < 0 || top > this.#thumb.clientHeight) {
        view.scrollTo(view.scrollPx + Math.sign(top) * PAGE * view.heightPx);
        return;
      }
      grabbed = top;
      this.#track.setPointerCapture(event.pointerId);
    });
    this.#track.addEventListener('pointermove', (event) => {
      if (grabbed === undefined) return;
      const top = event.clientY - this.#track.getBoundingClientRect().top - grabbed;
      view.scrollTo(scrolledTo(top, this.#scrolled(), this.#track.clientHeight));
    });
    this.#track.addEventListener('pointerup', () => (grabbed = undefined));
  }

  draw(): void {
    const scrolled = this.#scrolled();
    const trackPx = this.#view.heightPx / this.#view.ratio;
    const thumb = thumbOf(scrolled, trackPx);
    const { style } = this.#thumb;
    const [top, height] = [`${thumb?.top ?? 0}px`, `${thumb?.length ?? 0}px`];
    // What has not changed is not written: the browser would lay the page out again.
    if (this.#track.hidden !== (thumb === undefined)) this.#track.hidden = thumb === undefined;
    if (thumb === undefined || (style.top === top && style.height === height)) return;
    this.#track.style.top = `${AXIS_PX}px`;
    style.top = top;
    style.height = height;
    const part = scrolled.scrollPx / Math.max(1, scrolled.contentPx - scrolled.viewPx);
    this.#track.setAttribute('aria-valuenow', String(Math.round(part * 100)));
  }

  #scrolled(): Scrolled {
    const { contentPx, heightPx, scrollPx } = this.#view;
    return { contentPx, viewPx: heightPx, scrollPx };
  }
}

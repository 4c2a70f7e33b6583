import { pixelOf } from '../timeline/palette.ts';
import { stripeShape } from '../timeline/lane-shape.ts';
import { Painter } from '../timeline/painter.ts';
import { Rows, scaleToFit } from '../timeline/rows.ts';
import { fitSpan, pixelAt, timeAt, type Viewport } from '../timeline/viewport.ts';
import { VEIL } from './draw-blind-times.ts';
import { hatch } from './hatch.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** The overview picture is redrawn at most this often, and in at most this part of the time. */
const REFRESH_MS = 400;
const SHARE_OF_TIME = 0.01;
/** Lanes are no higher than this: in CSS pixels. */
const TALLEST_PX = 12;

/** All of the time and all of the lanes, small, with the part in view marked; dragging in it moves the view. */
export class Minimap {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #view: View;
  /** Here are no details, however much room there is. */
  readonly #painter = new Painter(stripeShape);
  #image: ImageData | undefined;
  #shown: Viewport = { fromUs: 0, pixelsPerUs: 1 };
  /** The end of the time that is shown. */
  #shownUs = 0;
  #madeMs = -Infinity;
  #waitMs = REFRESH_MS;
  #madeOf = '';
  /**
   * Size, theme, the filter, and the sessions: each as having begun, being live, or being over. What is other than that is
   * shown at once.
   */
  #madeFor = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(canvas: HTMLCanvasElement, view: View) {
    this.#canvas = canvas;
    this.#view = view;
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#moveTo(event);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.#moveTo(event);
    });
  }

  /** @returns whether the picture had to be redrawn, which takes about as long as drawing the chart */
  draw(theme: Theme): boolean {
    const view = this.#view;
    const width = Math.max(1, Math.round(this.#canvas.clientWidth * view.ratio));
    const height = Math.max(1, Math.round(this.#canvas.clientHeight * view.ratio));
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const isNew = this.#refresh(width, height, theme);
    const context = this.#context;
    if (this.#image !== undefined) context.putImageData(this.#image, 0, 0);
    this.#drawBlindTimes(theme);
    const from = Math.max(0, pixelAt(this.#shown, view.viewport.fromUs));
    const to = Math.min(width, pixelAt(this.#shown, view.viewport.fromUs + view.widthPx / view.viewport.pixelsPerUs));
    context.globalAlpha = 0.55;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, from, height);
    context.fillRect(to, 0, width - to, height);
    context.globalAlpha = 1;
    context.strokeStyle = theme.focus;
    context.lineWidth = view.ratio;
    context.strokeRect(from + 0.5, 0.5, Math.max(2, to - from) - 1, height - 1);
    return isNew;
  }

  /** Sessions that are shown together share their cluster, and with it when they could not see it. */
  #drawBlindTimes(theme: Theme): void {
    const [context, view] = [this.#context, this.#view];
    const { height } = this.#canvas;
    const drawn: { readonly x: number; readonly to: number }[] = [];
    for (const session of view.sessions) {
      for (const { fromUs, toUs } of session.info.blind ?? []) {
        const x = pixelAt(this.#shown, fromUs - session.info.originUs);
        const endUs = toUs === null ? view.endOf(session) : toUs - session.info.originUs;
        const width = Math.max(view.ratio, pixelAt(this.#shown, endUs) - x);
        if (drawn.some((other) => x < other.to && x + width > other.x)) continue;
        drawn.push({ x, to: x + width });
        context.fillStyle = theme.background;
        context.globalAlpha = VEIL;
        context.fillRect(x, 0, width, height);
        context.globalAlpha = 1;
        hatch(context, { x, y: 0, width, height }, theme.faint, view.ratio);
      }
    }
  }

  #refresh(width: number, height: number, theme: Theme): boolean {
    const view = this.#view;
    const [firstUs, lastUs] = view.extentUs();
    const bars = view.sessions.reduce((sum, { runners }) => sum + runners.length, 0);
    const { background, colours } = theme;
    const sessions = view.sessions.map(({ info, runners }) => `${info.id} ${info.live} ${runners.length > 0}`);
    const madeFor = [width, height, background, colours.kubernetes, view.filterChanges, ...sessions].join();
    const of = [madeFor, bars, view.isLive, view.rows.heightPx].join();
    const nowMs = performance.now();
    // Time that goes on by itself asks for no frames: it is drawn with the next one, when it has gone on by a pixel.
    const hasGrown = Math.abs(lastUs - this.#shownUs) * this.#shown.pixelsPerUs >= 1;
    if (of === this.#madeOf && (!hasGrown || (view.isLive && nowMs - this.#madeMs < this.#waitMs))) return false;
    if (madeFor === this.#madeFor && nowMs - this.#madeMs < this.#waitMs) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        view.onChange();
      }, this.#waitMs);
      return false;
    }
    this.#madeOf = of;
    this.#madeFor = madeFor;
    // The first bars are shown at once.
    this.#madeMs = bars > 0 ? nowMs : -Infinity;
    this.#shown = fitSpan(firstUs, lastUs, width);
    this.#shownUs = lastUs;
    this.#image = new ImageData(width, height);
    const backdrop = { colour: pixelOf(theme.background), lines: [], lineColour: 0 };
    const scene = view.scene();
    const groups = scene.rows.groups.map(({ lanes }) => ({ lanes, collapsed: false }));
    const lanes = groups.map((group) => group.lanes.length);
    const gap = groups.length > 1 ? Math.round(3 * view.ratio) : 0;
    const { lanePx, lanesAPixel } = scaleToFit(lanes, height - groups.length * gap);
    const scale = { lanePx: Math.min(lanePx, TALLEST_PX * view.ratio), lanesAPixel };
    const rows = new Rows(groups, scale, gap);
    const scrollPx = Math.min(0, -Math.floor((height + gap - rows.heightPx) / 2) + gap);
    this.#painter.paint({ ...scene, rows, viewport: this.#shown, scrollPx }, theme.palette, backdrop, {
      widthPx: width,
      heightPx: height,
      pixels: new Uint32Array(this.#image.data.buffer),
    });
    this.#waitMs = Math.max(REFRESH_MS, (performance.now() - nowMs) / SHARE_OF_TIME);
    return true;
  }

  #moveTo(event: PointerEvent): void {
    const view = this.#view;
    const centreUs = timeAt(this.#shown, event.offsetX * view.ratio);
    view.following = false;
    view.moveTo({ ...view.viewport, fromUs: centreUs - view.widthPx / view.viewport.pixelsPerUs / 2 });
  }
}

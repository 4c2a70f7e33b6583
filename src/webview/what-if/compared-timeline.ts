import type { HostMessage } from '../../protocol.ts';
import { Chart } from '../chart.ts';
import { controlChart } from '../controls.ts';
import { describe } from '../describe.ts';
import { byId } from '../dom.ts';
import { onceAFrame } from '../once-a-frame.ts';
import { PageModel } from '../page-model.ts';
import { readTheme, type Theme } from '../theme.ts';
import { Tip } from '../tip.ts';
import { KeptZoom } from './kept-zoom.ts';

/** The timeline of the run with the settings that are there, above that with those that are tried. */
export class ComparedTimeline {
  readonly #chart = new Chart(byId<HTMLCanvasElement>('chart'));
  readonly #model = new PageModel(() => undefined);
  readonly #zoom = new KeptZoom(this.#model.view);
  readonly #tip: Tip;
  readonly #onDrawn: () => void;
  #theme = readTheme();
  readonly #ask = onceAFrame(() => this.#draw());
  #isLoaded = false;

  /** @param onDrawn all that has come is on screen */
  constructor(onDrawn: () => void) {
    this.#onDrawn = onDrawn;
    const { view } = this.#model;
    this.#tip = new Tip(view);
    view.onChange = () => this.#ask();
    const { canvas } = this.#chart;
    new ResizeObserver(() => this.#ask()).observe(canvas);
    controlChart(canvas, view, 'scroll', {
      select: () => undefined,
      clearSelection: () => undefined,
      hover: (pointed) => this.#tip.show(pointed),
      clear: () => this.#model.clear(),
      step: () => undefined,
      walk: () => false,
      openSelected: () => undefined,
      focusSearch: () => undefined,
      showKeys: () => undefined,
    });
  }

  receive(message: HostMessage): void {
    this.#isLoaded = message.type === 'loaded';
    const take = (): void => this.#model.receive(message, performance.now());
    if (this.#isLoaded) this.#zoom.over(take);
    else take();
    this.#ask();
  }

  /** The colours of VS Code's theme have changed. */
  readTheme(): Theme {
    this.#theme = readTheme();
    this.#model.view.relayOut();
    return this.#theme;
  }

  #draw(): void {
    const { view } = this.#model;
    const { isWhole } = this.#zoom;
    if (this.#chart.resize(view) && isWhole) this.#zoom.fit();
    this.#chart.draw(view, this.#theme, undefined);
    if (!this.#isLoaded) return;
    this.#isLoaded = false;
    this.#chart.canvas.setAttribute('aria-label', describe(view));
    this.#onDrawn();
  }
}

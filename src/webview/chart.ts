import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { BarKind } from '../timeline/bars.ts';
import { isDetailed, MARKS } from '../timeline/lane-shape.ts';
import { pixelOf } from '../timeline/palette.ts';
import { Painter, type Picture, type Scene, viewOf } from '../timeline/painter.ts';
import { tickLabel, tickStepUs } from '../timeline/ticks.ts';
import { pixelAt } from '../timeline/viewport.ts';
import type { PassDetail } from '../protocol.ts';
import type { SessionModel } from './session-model.ts';
import type { Theme } from './theme.ts';
import { AXIS_PX, GUTTER_PX, type View } from './view.ts';

const MIN_TICK_PX = 90;
/** What lanes are, one and many. */
const LANE_WORDS = {
  runner: [t('runner'), t('runners')],
  worker: [t('worker'), t('workers')],
  api: [t('kind of request'), t('kinds of request')],
} as const;
/** Labels are drawn only where there are few bars: this many are looked at for each lane. */
const MAX_LABELLED_BARS = 400;

/** Draws the chart: bars as pixels, then names, axis, marks and the selection over them. */
export class Chart {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #painter = new Painter();
  #image = new ImageData(1, 1);
  #marks = new Uint8Array(0);

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  }

  /** Takes the canvas's size on the page; true when it changed. */
  resize(view: View): boolean {
    // Behind the table it has no size; what is in view stays what it was.
    if (this.canvas.clientWidth === 0) return false;
    const ratio = window.devicePixelRatio;
    const width = Math.max(64, Math.round(this.canvas.clientWidth * ratio));
    const height = Math.max(64, Math.round(this.canvas.clientHeight * ratio));
    if (this.canvas.width === width && this.canvas.height === height && view.ratio === ratio) return false;
    this.canvas.width = width;
    this.canvas.height = height;
    view.ratio = ratio;
    view.widthPx = Math.max(1, width - Math.round(GUTTER_PX * ratio));
    view.heightPx = Math.max(1, height - Math.round(AXIS_PX * ratio));
    this.#image = new ImageData(view.widthPx, view.heightPx);
    this.#marks = new Uint8Array(view.widthPx);
    return true;
  }

  draw(view: View, theme: Theme, detail: PassDetail | undefined): void {
    const scene = view.scene();
    const context = this.#context;
    const { ratio } = view;
    const left = Math.round(GUTTER_PX * ratio);
    const top = Math.round(AXIS_PX * ratio);
    const picture: Picture = {
      widthPx: view.widthPx,
      heightPx: view.heightPx,
      pixels: new Uint32Array(this.#image.data.buffer),
    };
    const stepUs = tickStepUs(view.viewport.pixelsPerUs, MIN_TICK_PX * ratio);
    const lines = gridLines(view, stepUs);
    const backdrop = { colour: pixelOf(theme.background), lines, lineColour: pixelOf(theme.grid) };
    this.#painter.paint(scene, theme.palette, backdrop, picture);

    context.fillStyle = theme.background;
    context.fillRect(0, 0, this.canvas.width, top);
    context.fillRect(0, top, left, view.heightPx);
    context.putImageData(this.#image, left, top);
    context.textBaseline = 'middle';
    this.#drawAxis(view, theme, stepUs, left, top);
    context.save();
    context.beginPath();
    context.rect(0, top, this.canvas.width, view.heightPx);
    context.clip();
    this.#drawLanes(view, scene, theme, left, top);
    this.#drawSelection(view, scene, theme, detail, left, top);
    this.#drawHeaders(view, scene, theme, left, top);
    this.#drawGain(view, theme, left, top);
    this.#drawMeasure(view, theme, left, top);
    context.restore();
  }

  #font(view: View, theme: Theme, px: number, weight = ''): void {
    this.#context.font = `${weight} ${Math.round(px * view.ratio)}px ${theme.font}`;
  }

  #drawAxis(view: View, theme: Theme, stepUs: number, left: number, top: number): void {
    const context = this.#context;
    this.#font(view, theme, 11);
    context.fillStyle = theme.faint;
    context.textAlign = 'center';
    const endUs = view.viewport.fromUs + view.widthPx / view.viewport.pixelsPerUs;
    for (let tick = Math.ceil(view.viewport.fromUs / stepUs) * stepUs; tick <= endUs; tick += stepUs) {
      const x = left + pixelAt(view.viewport, tick);
      if (x >= left) context.fillText(tickLabel(tick, stepUs), x, top / 2);
    }
    context.textAlign = 'left';
    context.fillStyle = theme.background;
    context.fillRect(0, 0, left - 2, top);
  }

  #drawLanes(view: View, scene: Scene, theme: Theme, left: number, top: number): void {
    const { rows, scrollPx } = scene;
    const { lanePx, lanesAPixel } = rows.scale;
    const context = this.#context;
    const { ratio } = view;
    if (lanesAPixel > 1 || lanePx < 11 * ratio) return;
    rows.groups.forEach((group, number) => {
      const session = view.sessions[number];
      if (session === undefined || group.collapsed) return;
      const names = session.names(view.laneBy);
      const first = Math.max(0, Math.floor((scrollPx - rows.top(number) - rows.headerPx) / lanePx));
      for (let index = first; index < group.lanes.length; index++) {
        const y = rows.laneTop(number, index) - scrollPx;
        if (y > view.heightPx) break;
        const lane = group.lanes[index] as number;
        this.#font(view, theme, Math.min(12, lanePx / ratio - 1));
        context.fillStyle = theme.foreground;
        const name = names[lane] ?? '';
        const middle = top + y + (isDetailed(lanePx) && lanePx >= 24 * ratio ? lanePx * 0.37 : lanePx / 2);
        this.#fillClipped(view.laneBy === 'runner' ? shortName(name) : name, 12 * ratio, middle, left - 20 * ratio);
        if (lanePx >= 24 * ratio && view.laneBy === 'runner') {
          this.#font(view, theme, 9.5);
          context.fillStyle = theme.faint;
          context.fillText(t('runner · pod'), 12 * ratio, top + y + lanePx * 0.84);
        }
        if (isDetailed(lanePx)) {
          this.#drawMarks(view, scene, session, number, lane, theme, left, top + y);
          if (lanePx >= 18 * ratio) this.#drawLabels(view, session, lane, theme, left, top + y, lanePx);
        }
      }
    });
  }

  /** Texts longer than their room end in an ellipsis. */
  #fillClipped(text: string, x: number, y: number, roomPx: number): void {
    const context = this.#context;
    let shown = text;
    if (context.measureText(shown).width > roomPx) {
      const keep = Math.max(1, Math.floor((shown.length * roomPx) / context.measureText(shown).width) - 1);
      shown = `${shown.slice(0, keep)}…`;
    }
    context.fillText(shown, x, y);
  }

  #drawMarks(
    view: View,
    scene: Scene,
    session: SessionModel,
    number: number,
    lane: number,
    theme: Theme,
    left: number,
    top: number,
  ): void {
    const marks = this.#marks.fill(0);
    const { lanePx } = scene.rows.scale;
    const columns = { ...viewOf(scene, number, view.widthPx), ...MARKS, step: 1, values: marks };
    session.store(view.laneBy).bin([lane], 0, 1, columns);
    for (let x = 0; x < marks.length; x++) {
      const kind = marks[x] as number;
      if (kind !== 0) this.#drawMark(kind, left + x, top + lanePx * 0.12, lanePx * 0.17, theme, view.ratio);
    }
  }

  /** Every kind of moment has a shape of its own. */
  #drawMark(kind: number, x: number, y: number, size: number, theme: Theme, ratio: number): void {
    const context = this.#context;
    const half = Math.max(3 * ratio, Math.min(size, 6 * ratio));
    context.beginPath();
    if (kind === BarKind.markPodCreated) {
      context.moveTo(x, y - half);
      context.lineTo(x + half, y);
      context.lineTo(x, y + half);
      context.lineTo(x - half, y);
      context.closePath();
    } else if (kind === BarKind.markPodRunning) {
      context.moveTo(x - half * 0.7, y - half);
      context.lineTo(x + half, y);
      context.lineTo(x - half * 0.7, y + half);
      context.closePath();
    } else if (kind === BarKind.markRunnerCreated) {
      context.rect(x - ratio, y - half, 2 * ratio, half * 2);
    } else if (kind === BarKind.markFinished) {
      context.arc(x, y, half * 0.8, 0, Math.PI * 2);
    } else {
      const arm = half * 0.8;
      context.moveTo(x - arm, y - arm);
      context.lineTo(x + arm, y + arm);
      context.moveTo(x + arm, y - arm);
      context.lineTo(x - arm, y + arm);
      context.lineWidth = 2 * ratio;
      context.strokeStyle = kind === BarKind.markFailure ? theme.colours.refused : theme.marks;
      context.stroke();
      return;
    }
    context.fillStyle = kind === BarKind.markPodRunning ? theme.colours.running : theme.marks;
    context.fill();
    context.lineWidth = ratio;
    context.strokeStyle = theme.background;
    context.stroke();
  }

  /** Writes what a request is into its bar where it has room. */
  #drawLabels(
    view: View,
    session: SessionModel,
    lane: number,
    theme: Theme,
    left: number,
    top: number,
    lanePx: number,
  ): void {
    const context = this.#context;
    const { fromUs, pixelsPerUs } = view.viewport;
    const shift = session.info.originUs;
    const leastUs = (60 * view.ratio) / pixelsPerUs;
    let seen = 0;
    this.#font(view, theme, 10);
    const toUs = fromUs + view.widthPx / pixelsPerUs;
    session.store(view.laneBy).forEach(lane, fromUs + shift, toUs + shift, (bar) => {
      if (++seen > MAX_LABELLED_BARS || bar.kind < BarKind.throttled || bar.kind > BarKind.refused) return;
      if (bar.endUs - bar.startUs < leastUs) return;
      const from = Math.max(left, left + pixelAt(view.viewport, bar.startUs - shift));
      const to = Math.min(left + view.widthPx, left + pixelAt(view.viewport, bar.endUs - shift));
      if (to - from < 50 * view.ratio) return;
      context.fillStyle = theme.background;
      const text = bar.kind === BarKind.throttled ? t('client limiter') : (session.words[bar.detail] ?? '');
      this.#fillClipped(text, from + 5 * view.ratio, top + lanePx * 0.38, to - from - 10 * view.ratio);
    });
  }

  #drawHeaders(view: View, scene: Scene, theme: Theme, left: number, top: number): void {
    const context = this.#context;
    const { rows, scrollPx } = scene;
    const { ratio } = view;
    view.sessions.forEach((session, number) => {
      const { info, pods } = session;
      const bottom = rows.top(number) + rows.headerPx + rows.bodyPx(rows.groups[number] as Scene['rows']['groups'][0]);
      // A header stays in sight for as long as one of its lanes does.
      const y = top + Math.min(Math.max(0, rows.top(number) - scrollPx), bottom - rows.headerPx - scrollPx);
      if (y < top - rows.headerPx || y > top + view.heightPx) return;
      context.fillStyle = theme.header;
      context.fillRect(0, y, this.canvas.width, rows.headerPx);
      context.fillStyle = theme.sessions[info.colour % theme.sessions.length] ?? theme.focus;
      context.fillRect(0, y, 4 * ratio, rows.headerPx);
      const middle = y + rows.headerPx / 2;
      context.fillStyle = theme.foreground;
      this.#font(view, theme, 12, '600');
      const title = `${view.collapsed.has(info.id) ? '▸' : '▾'} ${info.mode}`;
      context.fillText(title, 12 * ratio, middle);
      const titleWidth = context.measureText(title).width;
      this.#font(view, theme, 11);
      context.fillStyle = theme.faint;
      const lanes = rows.groups[number]?.lanes.length ?? 0;
      const about = `${modeWords(info.mode)}${info.name} · ${lanes} ${LANE_WORDS[view.laneBy][lanes === 1 ? 0 : 1]}${info.live ? '' : t(' · ended')}`;
      context.fillText(about, 12 * ratio + titleWidth + 10 * ratio, middle);
      const passes = t('{0} passes', session.runners.passes);
      const figures =
        pods === undefined
          ? passes
          : t(
              'first pod {0} · last {1} · {2} pods · {3}',
              formatDuration(pods.firstUs),
              formatDuration(pods.lastUs),
              pods.count,
              passes,
            );
      context.textAlign = 'right';
      const width = left + view.widthPx - 12 * ratio;
      if (context.measureText(figures + about).width + titleWidth + 40 * ratio < width) {
        context.fillStyle = theme.foreground;
        context.fillText(figures, width, middle);
      }
      context.textAlign = 'left';
    });
  }

  /** The one figure that the two modes are compared for, drawn where it is. */
  #drawGain(view: View, theme: Theme, left: number, top: number): void {
    const [first, second] = view.sessions;
    if (first?.pods === undefined || second?.pods === undefined || view.sessions.length !== 2) return;
    if (first.info.mode === second.info.mode) return;
    const [from, to] = [second.pods.firstUs, first.pods.firstUs];
    const context = this.#context;
    const { ratio } = view;
    const y = top + view.rows.heightPx - view.scrollPx + 12 * ratio;
    const [x1, x2] = [from, to].map((us) => left + pixelAt(view.viewport, us)) as [number, number];
    context.fillStyle = theme.gain;
    const leftEnd = Math.max(left, Math.min(x1, x2));
    context.fillRect(leftEnd, y, Math.max(Math.max(x1, x2) - leftEnd, x1 >= left ? 2 * ratio : 0), 2 * ratio);
    const difference = to - from;
    const words = [
      formatDuration(first.pods.firstUs),
      formatDuration(second.pods.firstUs),
      formatDuration(Math.abs(difference)),
      second.info.mode,
    ];
    const text =
      difference >= 0
        ? t('first pod {0} → {1}: {2} earlier in {3} mode', ...words)
        : t('first pod {0} → {1}: {2} later in {3} mode', ...words);
    this.#font(view, theme, 12, '600');
    const room = left + view.widthPx - context.measureText(text).width - 8 * ratio;
    context.fillText(text, Math.max(12 * ratio, Math.min(Math.max(left, Math.min(x1, x2)), room)), y + 13 * ratio);
  }

  #drawSelection(
    view: View,
    scene: Scene,
    theme: Theme,
    detail: PassDetail | undefined,
    left: number,
    top: number,
  ): void {
    const { selected } = view;
    // A pass has requests in many lanes of the API.
    if (selected === undefined || view.laneBy === 'api') return;
    const number = view.sessions.findIndex(({ info }) => info.id === selected.session);
    const session = view.sessions[number];
    const group = scene.rows.groups[number];
    if (session === undefined || group === undefined || group.collapsed) return;
    const lane = this.#laneOfSelection(view, session, selected.pass);
    const index = indexOfLane(group.lanes, lane);
    if (index < 0) return;
    const { lanePx } = scene.rows.scale;
    const context = this.#context;
    const { ratio } = view;
    const x = (us: number): number => left + pixelAt(view.viewport, us - session.info.originUs);
    const y = top + scene.rows.laneTop(number, index) - view.scrollPx;
    const from = x(selected.startUs);
    const width = Math.max(3 * ratio, x(selected.endUs) - from);
    context.save();
    context.beginPath();
    context.rect(left, top, view.widthPx, view.heightPx);
    context.clip();
    context.lineWidth = 2 * ratio;
    context.strokeStyle = theme.focus;
    context.strokeRect(from - ratio, y + ratio, width + 2 * ratio, Math.max(3, lanePx * 0.68));
    if (detail?.number === selected.pass && view.laneBy === 'runner') {
      context.setLineDash([4 * ratio, 3 * ratio]);
      context.fillStyle = theme.focus;
      for (const { fromUs, toUs } of detail.arrows) {
        const [x1, x2, bend] = [x(fromUs), x(toUs), y - 4 * ratio];
        context.beginPath();
        context.moveTo(x1, y + 3 * ratio);
        context.quadraticCurveTo((x1 + x2) / 2, bend, x2, y + lanePx * 0.3);
        context.stroke();
        context.beginPath();
        context.arc(x2, y + lanePx * 0.3, 3 * ratio, 0, Math.PI * 2);
        context.fill();
      }
    }
    context.restore();
  }

  #laneOfSelection(view: View, session: SessionModel, pass: number): number {
    return view.laneBy === 'worker' ? session.runners.workerOfPass(pass) : session.runners.laneOfPass(pass);
  }

  #drawMeasure(view: View, theme: Theme, left: number, top: number): void {
    if (view.measure === undefined) return;
    const context = this.#context;
    const [x1, x2] = [view.measure.fromUs, view.measure.toUs].map((us) => left + pixelAt(view.viewport, us)) as [
      number,
      number,
    ];
    const from = Math.max(left, Math.min(x1, x2));
    context.globalAlpha = 0.18;
    context.fillStyle = theme.focus;
    context.fillRect(from, top, Math.abs(x2 - x1), view.heightPx);
    context.globalAlpha = 1;
    this.#font(view, theme, 12, '600');
    context.fillStyle = theme.foreground;
    const text = formatDuration(Math.abs(view.measure.toUs - view.measure.fromUs));
    context.textAlign = 'center';
    context.fillText(text, (x1 + x2) / 2, top + 14 * view.ratio);
    context.textAlign = 'left';
  }
}

/** Pixel columns of the times that the axis names. */
function gridLines({ viewport, widthPx }: View, stepUs: number): number[] {
  const lines: number[] = [];
  for (let tick = Math.ceil(viewport.fromUs / stepUs) * stepUs; ; tick += stepUs) {
    const x = Math.round(pixelAt(viewport, tick));
    if (x >= widthPx) return lines;
    lines.push(x);
  }
}

/** What tells the modes apart, for those who do not know them by their names. */
function modeWords(mode: string): string {
  if (mode === 'old') return t('before pull request 3831 · ');
  return mode === 'new' ? t('from pull request 3831 on · ') : '';
}

/** The namespace is the same for most: names are shown without it. */
function shortName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

function indexOfLane(lanes: ArrayLike<number>, lane: number): number {
  if (lanes[lane] === lane) return lane;
  return Array.prototype.indexOf.call(lanes, lane);
}

import { BarKind, KINDS } from './bars.ts';
import { atLightness, mix } from './lightness.ts';

/** How a kind is filled. Kinds of one pattern differ in lightness: no bar can be told by its colour alone. */
export type Pattern = 'solid' | 'rising' | 'falling' | 'crossed' | 'dotted' | 'sparse';

export interface Paint {
  /** Opaque 0xAABBGGRR, as an ImageData holds it on the machines that browsers run on. */
  readonly colour: number;
  /** The colour between the lines of a pattern. */
  readonly gap: number;
  readonly pattern: Pattern;
}

/** A paint for each kind of bar; the page takes the colours from the theme. */
export type Palette = readonly Paint[];

/** The colours of a palette by name, as `#rrggbb`. */
export interface PaletteColours {
  /** What lies behind the bars. */
  readonly ground: string;
  readonly queued: string;
  readonly backoff: string;
  readonly pass: string;
  readonly passRequeued: string;
  readonly passFailed: string;
  readonly throttled: string;
  readonly kubernetes: string;
  readonly actions: string;
  readonly refused: string;
  readonly phaseEven: string;
  readonly phaseOdd: string;
  readonly pending: string;
  readonly running: string;
  readonly succeeded: string;
  readonly failed: string;
}

/** How light colours are that alone fill bars, or are the lines of one pattern; 0 (black) to 100 (white). */
type Lightnesses = Readonly<Partial<Record<keyof PaletteColours, number>>>;

const ON_DARK: Lightnesses = {
  pass: 33,
  passRequeued: 43,
  succeeded: 43,
  pending: 52,
  actions: 62,
  kubernetes: 71,
  running: 80,
  throttled: 62,
  refused: 55,
  failed: 55,
  passFailed: 64,
};

const ON_LIGHT: Lightnesses = {
  pass: 85,
  passRequeued: 73,
  succeeded: 73,
  pending: 61,
  running: 49,
  kubernetes: 40,
  actions: 30,
  throttled: 51,
  refused: 55,
  failed: 50,
  passFailed: 40,
};

/**
 * Colours of any theme, made as light or as dark as it takes to distinguish them without seeing hues: a theme promises nothing
 * about that.
 */
export function distinct(colours: PaletteColours, isLight: boolean): PaletteColours {
  const wanted = Object.entries(isLight ? ON_LIGHT : ON_DARK) as [keyof PaletteColours, number][];
  return {
    ...colours,
    ...Object.fromEntries(wanted.map(([name, lightness]) => [name, atLightness(colours[name], lightness)])),
  };
}

export const DARK: PaletteColours = distinct(
  {
    ground: '#1f1f1f',
    queued: '#6b7078',
    backoff: '#b39b4f',
    pass: '#4a4f57',
    passRequeued: '#b39b4f',
    passFailed: '#f85149',
    throttled: '#e8912d',
    kubernetes: '#4fa3ff',
    actions: '#c586f0',
    refused: '#ff6b6b',
    phaseEven: '#8fa3b8',
    phaseOdd: '#63778c',
    pending: '#b8930b',
    running: '#3fb950',
    succeeded: '#6b8f71',
    failed: '#f85149',
  },
  false,
);

export const LIGHT: PaletteColours = distinct(
  {
    ground: '#ffffff',
    queued: '#80878f',
    backoff: '#a8862a',
    pass: '#ccd2d9',
    passRequeued: '#a8862a',
    passFailed: '#c5221f',
    throttled: '#b85c00',
    kubernetes: '#1267c4',
    actions: '#8a3fc4',
    refused: '#cc1f2f',
    phaseEven: '#7c8fa3',
    phaseOdd: '#a9b8c7',
    pending: '#b08500',
    running: '#188038',
    succeeded: '#5f8a68',
    failed: '#c5221f',
  },
  true,
);

/** Between the lines of a pattern there is so much of their colour: the bar is seen where no line goes through it. */
const DIM = 0.4;

export function paletteOf(colours: PaletteColours): Palette {
  const paints: Paint[] = Array.from({ length: KINDS }, () => ({ colour: 0, gap: 0, pattern: 'solid' }));
  const set = (kind: number, colour: string): void => {
    paints[kind] = { colour: pixelOf(colour), gap: 0, pattern: 'solid' };
  };
  const setPattern = (kind: number, pattern: Pattern, colour: string, gap = mix(colours.ground, colour, DIM)): void => {
    paints[kind] = { colour: pixelOf(colour), gap: pixelOf(gap), pattern };
  };
  setPattern(BarKind.queued, 'rising', colours.queued);
  setPattern(BarKind.backoff, 'dotted', colours.backoff);
  setPattern(BarKind.polling, 'sparse', colours.queued, colours.ground);
  setPattern(BarKind.jobsWaiting, 'sparse', colours.pending);
  setPattern(BarKind.passUnknown, 'falling', colours.pass);
  set(BarKind.pass, colours.pass);
  setPattern(BarKind.passRequeued, 'falling', colours.passRequeued, colours.pass);
  setPattern(BarKind.passFailed, 'crossed', colours.passFailed, colours.pass);
  setPattern(BarKind.retryWait, 'rising', colours.passFailed, colours.pass);
  setPattern(BarKind.throttled, 'falling', colours.throttled, colours.pass);
  setPattern(BarKind.requestUnknown, 'falling', colours.kubernetes);
  set(BarKind.kubernetes, colours.kubernetes);
  set(BarKind.actions, colours.actions);
  setPattern(BarKind.refused, 'crossed', colours.refused, colours.kubernetes);
  set(BarKind.phaseEven, colours.phaseEven);
  set(BarKind.phaseOdd, colours.phaseOdd);
  set(BarKind.runnerPending, colours.pending);
  set(BarKind.runnerRunning, colours.running);
  set(BarKind.runnerSucceeded, colours.succeeded);
  setPattern(BarKind.runnerFailed, 'crossed', colours.failed);
  setPattern(BarKind.podCreated, 'falling', colours.pending);
  set(BarKind.podPending, colours.pending);
  set(BarKind.podRunning, colours.running);
  set(BarKind.podSucceeded, colours.succeeded);
  setPattern(BarKind.podFailed, 'crossed', colours.failed);
  return paints;
}

/** @param colour `#rrggbb` */
export function pixelOf(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}

/** `#rrggbb` of a pixel. */
export function colourOf(pixel: number): string {
  const rgb = ((pixel & 0xff) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 0xff);
  return `#${rgb.toString(16).padStart(6, '0')}`;
}

/** Pixels after which patterns repeat. */
export const PERIOD_PX = 8;

/** Whether a pattern's line goes through the pixel. */
export function onLine(pattern: Pattern, x: number, y: number): boolean {
  switch (pattern) {
    case 'solid':
      return true;
    case 'rising':
      return ((x + y) & 7) < 3;
    case 'falling':
      return ((x - y) & 7) < 3;
    case 'crossed':
      return ((x + y) & 7) < 2 || ((x - y) & 7) < 2;
    case 'dotted':
      return (x & 3) < 2;
    case 'sparse':
      return (x & 7) < 2;
  }
}

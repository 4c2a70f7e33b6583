import { BarKind, KINDS } from './bars.ts';

/** How a kind is filled. Patterns tell apart what colours alone do not, for eyes that see fewer of them. */
export type Pattern = 'solid' | 'rising' | 'falling' | 'dotted';

export interface Paint {
  /** Opaque 0xAABBGGRR, as an ImageData holds it on the machines that browsers run on. */
  readonly colour: number;
  /** The colour between the lines of a pattern; 0 lets what lies below show. */
  readonly gap: number;
  readonly pattern: Pattern;
}

/** A paint for each kind of bar; the page takes the colours from the theme. */
export type Palette = readonly Paint[];

/** The colours of a palette by name, as `#rrggbb`. */
export interface PaletteColours {
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

export const DARK: PaletteColours = {
  queued: '#7a7f87',
  backoff: '#b39b4f',
  pass: '#4a4f57',
  passRequeued: '#5d5a48',
  passFailed: '#8b2f36',
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
};

export const LIGHT: PaletteColours = {
  queued: '#9aa0a6',
  backoff: '#a8862a',
  pass: '#ccd2d9',
  passRequeued: '#ddd3b4',
  passFailed: '#f0b4b4',
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
};

export function paletteOf(colours: PaletteColours): Palette {
  const paints: Paint[] = Array.from({ length: KINDS }, () => ({ colour: 0, gap: 0, pattern: 'solid' }));
  const set = (kind: number, colour: string, pattern: Pattern = 'solid', gap = 0): void => {
    paints[kind] = { colour: pixelOf(colour), gap, pattern };
  };
  set(BarKind.queued, colours.queued, 'rising');
  set(BarKind.backoff, colours.backoff, 'dotted');
  set(BarKind.passUnknown, colours.pass, 'falling');
  set(BarKind.pass, colours.pass);
  set(BarKind.passRequeued, colours.passRequeued);
  set(BarKind.passFailed, colours.passFailed);
  set(BarKind.throttled, colours.throttled, 'falling', pixelOf(colours.pass));
  set(BarKind.requestUnknown, colours.kubernetes, 'falling', pixelOf(colours.pass));
  set(BarKind.kubernetes, colours.kubernetes);
  set(BarKind.actions, colours.actions);
  set(BarKind.refused, colours.refused, 'rising', pixelOf(colours.kubernetes));
  set(BarKind.phaseEven, colours.phaseEven);
  set(BarKind.phaseOdd, colours.phaseOdd);
  set(BarKind.runnerPending, colours.pending);
  set(BarKind.runnerRunning, colours.running);
  set(BarKind.runnerSucceeded, colours.succeeded);
  set(BarKind.runnerFailed, colours.failed, 'falling', pixelOf(colours.pass));
  set(BarKind.podCreated, colours.pending, 'falling');
  set(BarKind.podPending, colours.pending);
  set(BarKind.podRunning, colours.running);
  set(BarKind.podSucceeded, colours.succeeded);
  set(BarKind.podFailed, colours.failed, 'falling', pixelOf(colours.pass));
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

/** Whether a pattern's line goes through the pixel. */
export function onLine(pattern: Pattern, x: number, y: number): boolean {
  switch (pattern) {
    case 'solid':
      return true;
    case 'rising':
      return ((x + y) & 7) < 3;
    case 'falling':
      return ((x - y) & 7) < 3;
    case 'dotted':
      return (x & 3) < 2;
  }
}

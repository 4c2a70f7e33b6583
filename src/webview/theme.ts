import { mix } from '../timeline/lightness.ts';
import { DARK, distinct, LIGHT, paletteOf, type Palette, type PaletteColours } from '../timeline/palette.ts';
import type { SignColours } from '../timeline/signs.ts';
import { byId } from './dom.ts';

/** Colours that the page draws with, taken from VS Code's theme. */
export interface Theme {
  readonly palette: Palette;
  readonly colours: PaletteColours;
  readonly background: string;
  readonly foreground: string;
  readonly faint: string;
  readonly grid: string;
  readonly header: string;
  readonly focus: string;
  readonly gain: string;
  readonly marks: string;
  /** The line at the present time. */
  readonly now: string;
  /** The critical path. */
  readonly path: string;
  /** Where a debugger stands, and a breakpoint. */
  readonly stopped: string;
  readonly breakpoint: string;
  readonly font: string;
  /** One for each session, in turn. */
  readonly sessions: readonly string[];
}

/** Reads the theme from the body, whose class and variables VS Code sets and changes. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const { classList } = document.body;
  const isHighContrast = classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
  const isLight = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const base = isLight ? LIGHT : DARK;
  const read = (name: string, otherwise: string): string => hex(style.getPropertyValue(name).trim()) ?? otherwise;
  const foreground = read('--vscode-foreground', isLight ? '#1f1f1f' : '#cccccc');
  const background = read('--vscode-editor-background', isLight ? '#ffffff' : '#1e1e1e');
  // Themes of high contrast have colours of texts here: too light or too dark for bars that differ in lightness.
  const chart = (name: string, otherwise: string): string =>
    isHighContrast ? otherwise : read(`--vscode-charts-${name}`, otherwise);
  const ofTheme: PaletteColours = {
    ...base,
    ground: background,
    throttled: chart('orange', base.throttled),
    kubernetes: chart('blue', base.kubernetes),
    actions: chart('purple', base.actions),
    refused: chart('red', base.refused),
    pending: chart('yellow', base.pending),
    running: chart('green', base.running),
    failed: chart('red', base.failed),
    ...(isHighContrast ? { queued: mix(background, foreground, 0.6) } : {}),
  };
  const colours = distinct(ofTheme, isLight);
  return {
    palette: paletteOf(colours),
    colours,
    background,
    foreground,
    faint: mix(background, foreground, isHighContrast ? 0.9 : 0.68),
    grid: mix(background, foreground, isHighContrast ? 0.45 : 0.12),
    header: read('--vscode-sideBarSectionHeader-background', mix(background, foreground, 0.07)),
    focus: read('--vscode-focusBorder', colours.kubernetes),
    gain: isHighContrast ? foreground : colours.running,
    marks: foreground,
    now: read('--vscode-errorForeground', colours.refused),
    path: isHighContrast ? foreground : isLight ? '#7a3e00' : '#ffd75f',
    // The editor's own colours: a frame's yellow is too light on white, a breakpoint is red everywhere.
    stopped: isLight ? '#9a6700' : '#ffcc00',
    breakpoint: read('--vscode-debugIcon-breakpointForeground', '#e51400'),
    font: style.getPropertyValue('--vscode-font-family') || 'sans-serif',
    sessions: [colours.kubernetes, colours.running, colours.actions, colours.throttled, colours.pending],
  };
}

/** The panel has the chart's colours. */
export function colourPanel({ colours }: Theme): void {
  const { style } = byId('pass');
  style.setProperty('--kubernetes', colours.kubernetes);
  style.setProperty('--actions', colours.actions);
}

export function signColours({ marks, colours, background }: Theme): SignColours {
  const { running, throttled, failed } = colours;
  return { marks, running, trouble: throttled, failed, ground: background };
}

/** `#rrggbb` for what a theme may contain: hex with or without alpha, rgb() and rgba(). */
function hex(colour: string): string | undefined {
  if (/^#[0-9a-f]{6}/i.test(colour)) return colour.slice(0, 7);
  if (/^#[0-9a-f]{3}$/i.test(colour)) return `#${[...colour.slice(1)].map((digit) => digit + digit).join('')}`;
  const parts = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(colour);
  if (parts === null) return undefined;
  return `#${parts
    .slice(1, 4)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`;
}

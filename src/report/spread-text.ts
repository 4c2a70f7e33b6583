import type { Ratio } from '../analysis/ratio.ts';
import type { Spread } from '../analysis/spread.ts';

/** The median of several runs with their band, `53.4 s (52.1 s – 54.2 s)`; where all are alike, their value. */
export function spreadText(spread: Spread | undefined, valueText: (value: number) => string): string {
  if (spread === undefined) return '–';
  const [median, low, high] = [spread.median, spread.low, spread.high].map(valueText);
  return low === high ? (median ?? '') : `${median} (${low} – ${high})`;
}

/** A factor between samples with its band: `1.25 (1.10 – 1.40)`. */
export function ratioText({ factor, low, high }: Ratio): string {
  return `${factorText(factor)} (${factorText(low)} – ${factorText(high)})`;
}

export function factorText(factor: number): string {
  return factor.toFixed(factor < 10 ? 2 : 1);
}

/** How likely chance alone makes a difference: `0.012`. */
export function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** Part of the brightness that comes from red, green and blue light; see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance. */
const SHARES = [0.2126, 0.7152, 0.0722] as const;

/** How light a colour looks, 0 (black) to 100 (white): L* of CIELAB, in which equal steps look equal. @param colour `#rrggbb` */
export function lightnessOf(colour: string): number {
  const luminance = luminanceOf(linearOf(colour));
  return luminance > (6 / 29) ** 3 ? 116 * Math.cbrt(luminance) - 16 : (luminance * 24389) / 27;
}

/** The colour made as light as asked for: darkened it keeps its hue, lightened it gets nearer to white. */
export function atLightness(colour: string, lightness: number): string {
  const parts = linearOf(colour);
  const now = luminanceOf(parts);
  const wanted = lightness > 8 ? ((lightness + 16) / 116) ** 3 : (lightness * 27) / 24389;
  const white = now < wanted ? (wanted - now) / (1 - now) : 0;
  const scale = now > wanted ? wanted / now : 1;
  return hexOf(parts.map((part) => encoded((part + (1 - part) * white) * scale)));
}

/** `amount` of the way from one colour to the other. */
export function mix(from: string, to: string, amount: number): string {
  const [a, b] = [partsOf(from), partsOf(to)];
  return hexOf(a.map((part, at) => part + ((b[at] as number) - part) * amount));
}

function luminanceOf(linear: readonly number[]): number {
  return SHARES.reduce((sum, share, at) => sum + share * (linear[at] as number), 0);
}

function partsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function linearOf(colour: string): number[] {
  return partsOf(colour).map((part) => (part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
}

function encoded(linear: number): number {
  return 255 * (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055);
}

function hexOf(parts: readonly number[]): string {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

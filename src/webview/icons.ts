const SVG = 'http://www.w3.org/2000/svg';

/** Outlines in a field of 16 by 16; each has a shape of its own, since colour alone says nothing to some eyes. */
const PATHS = {
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13zM8 7v4.5M8 4.2v1.4',
  warning: 'M8 1.8L15 14.2H1zM8 6v4.2M8 11.4v1.4',
  error: 'M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM5.5 5.5l5 5M10.5 5.5l-5 5',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon that is not read out: what it says stands beside it as text. */
export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon ${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

import { svgPaints, svgPicture } from '../timeline/svg.ts';
import { byId } from './dom.ts';
import { host } from './host.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** Hands a picture to VS Code, which asks where to keep it. */
export function savePng(picture: HTMLCanvasElement): void {
  picture.toBlob((blob) => {
    void blob?.arrayBuffer().then((buffer) => {
      host.postMessage({ type: 'image', format: 'png', bytes: new Uint8Array(buffer) });
    });
  }, 'image/png');
}

/** The same, as shapes. */
export function saveSvg(view: View, theme: Theme): void {
  const names = view.sessions.map((session) => session.names(view.laneBy));
  const titles = view.sessions.map(({ info }) => `${info.mode} · ${info.name}`);
  const about = view.sessions.map(({ info }) => [info.mode, info.about ?? ''].filter((part) => part !== '').join(': '));
  const headline = byId('headline').textContent;
  const caption = [titles.join(', '), ...(headline === '' ? [] : [headline]), ...new Set(about)];
  const text = svgPicture(view.scene(), {
    names,
    titles,
    caption,
    paints: svgPaints(theme.palette),
    background: theme.background,
    foreground: theme.foreground,
    grid: theme.grid,
    widthPx: view.widthPx,
    heightPx: view.heightPx,
    gutterPx: view.gutterPx(Infinity),
  });
  host.postMessage({ type: 'image', format: 'svg', bytes: new TextEncoder().encode(text) });
}

import { svgPaints, svgPicture } from '../timeline/svg.ts';
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
  const text = svgPicture(view.scene(), {
    names,
    titles,
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

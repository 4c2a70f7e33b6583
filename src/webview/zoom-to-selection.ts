import type { View } from './view.ts';

/** Most pixels that a microsecond takes. */
const CLOSEST = 10;

/** Brings the selected pass to a third of the width, or the measured stretch to all of it. */
export function zoomToSelection(view: View): void {
  const span = spanOf(view);
  if (span === undefined) return;
  const [fromUs, toUs, part] = span;
  view.following = false;
  const pixelsPerUs = Math.min(CLOSEST, (view.widthPx * part) / Math.max(1, toUs - fromUs));
  view.moveTo(view.showing(fromUs, toUs, pixelsPerUs));
}

function spanOf(view: View): [fromUs: number, toUs: number, part: number] | undefined {
  const { selected, measure } = view;
  if (measure !== undefined) {
    return [Math.min(measure.fromUs, measure.toUs), Math.max(measure.fromUs, measure.toUs), 0.96];
  }
  if (selected === undefined) return undefined;
  const originUs = view.session(selected.session)?.info.originUs ?? 0;
  return [selected.startUs - originUs, selected.endUs - originUs, 0.34];
}

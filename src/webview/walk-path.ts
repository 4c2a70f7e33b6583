import type { PathLink } from '../protocol.ts';
import type { PassPlace } from './pass-place.ts';
import type { ShownPath } from './shown-path.ts';
import type { View } from './view.ts';

/** Where a link lies among the bars; undefined where its runner has no lane. */
export function placeOfLink(view: View, { session }: ShownPath, link: PathLink): PassPlace | undefined {
  const lane = view.session(session)?.laneOf(link.runner);
  if (lane === undefined) return undefined;
  return { session, lane, pass: link.pass, startUs: link.fromUs, endUs: link.toUs };
}

/**
 * Goes along the causes: back in time to what was waited for, or forth. The first step back is to the last link.
 * @returns false where no path is shown
 */
export function walk(view: View, direction: 1 | -1): boolean {
  const { path: shown } = view;
  if (shown === undefined) return false;
  const last = shown.path.links.length - 1;
  const from = shown.link ?? (direction < 0 ? last + 1 : -1);
  walkTo(view, Math.min(last, Math.max(0, from + direction)));
  return true;
}

/** Shows a link of the path: moves what is in view so that it is seen. */
export function walkTo(view: View, link: number): void {
  const { path: shown } = view;
  const to = shown?.path.links[link];
  if (shown === undefined || to === undefined) return;
  view.path = { ...shown, link };
  const place = placeOfLink(view, shown, to);
  if (place !== undefined) view.bringIntoView(place);
  view.changed();
}

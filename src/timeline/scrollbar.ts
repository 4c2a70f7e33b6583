/** A thumb is never shorter, or nobody could take hold of it; in the unit of the track. */
const LEAST_THUMB = 24;

/** What is scrolled: all of it, what is seen at once, and how much lies above that. */
export interface Scrolled {
  readonly contentPx: number;
  readonly viewPx: number;
  readonly scrollPx: number;
}

interface Thumb {
  readonly top: number;
  readonly length: number;
}

/** Where the thumb lies on a track, undefined when everything is seen at once. */
export function thumbOf({ contentPx, viewPx, scrollPx }: Scrolled, track: number): Thumb | undefined {
  if (contentPx <= viewPx) return undefined;
  const length = Math.min(track, Math.max(LEAST_THUMB, (track * viewPx) / contentPx));
  return { top: (track - length) * Math.min(1, Math.max(0, scrollPx / (contentPx - viewPx))), length };
}

/** How much lies above what is seen when the thumb's top is there; the inverse of thumbOf(). */
export function scrolledTo(top: number, { contentPx, viewPx }: Scrolled, track: number): number {
  const thumb = thumbOf({ contentPx, viewPx, scrollPx: 0 }, track);
  if (thumb === undefined || thumb.length >= track) return 0;
  const part = Math.min(1, Math.max(0, top / (track - thumb.length)));
  return part * (contentPx - viewPx);
}

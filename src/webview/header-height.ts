import type { SessionModel } from './session-model.ts';

/** Height of a session's head in one line, in CSS pixels. */
export const HEADER_PX = 26;
const TWO_LINES_PX = 42;
/** What one line needs in width, in CSS pixels: a badge needs more, and so do pods that were made again. */
const ONE_LINE_WIDTH_PX = { plain: 680, badge: 180, pods: 220 } as const;

/**
 * Height of the heads of sessions, which is the same for all: one line, or two where one has not the width for it.
 * @param widthPx of the chart, in CSS pixels, as is what is returned
 */
export function headerHeight(sessions: readonly SessionModel[], widthPx: number): number {
  const hasBadge = sessions.some(({ info }) => info.kind !== 'embedded' && info.kind !== 'trace');
  const hasMorePods = sessions.some(({ pods }) => pods !== undefined && pods.lastMadeUs > pods.lastUs);
  const { plain, badge, pods } = ONE_LINE_WIDTH_PX;
  const isWide = widthPx >= plain + (hasBadge ? badge : 0) + (hasMorePods ? pods : 0);
  return isWide ? HEADER_PX : TWO_LINES_PX;
}

import type { CriticalPath, PathLink } from '../protocol.ts';

/** A critical path on the page, and which of its links somebody has walked to. */
export interface ShownPath {
  readonly session: string;
  readonly path: CriticalPath;
  /** Place among its links; undefined before the first step. */
  readonly link: number | undefined;
}

/** The link that somebody has walked to. */
export function linkOf({ path, link }: ShownPath): PathLink | undefined {
  return link === undefined ? undefined : path.links[link];
}

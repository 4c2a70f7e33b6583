import type { Match } from '../timeline/query.ts';

/** A pass that is found or selected, and where it lies. */
export interface PassPlace extends Match {
  readonly session: string;
}

import type { LaneBy } from '../timeline/arrangement.ts';
import { Overview } from '../timeline/overview.ts';
import type { Rows } from '../timeline/rows.ts';
import type { SessionModel } from './session-model.ts';

/** With fewer bars drawing them takes no time. */
const WORTH_OVERVIEW = 100_000;

/** What takes long to draw is drawn in advance: the lanes of sessions that have very many bars. */
export class Overviews {
  /** The lanes that each session had when overviews were last thought of. */
  readonly #lanesBefore = new WeakMap<SessionModel, ArrayLike<number>>();

  /** Makes those that are missing. */
  prepare(sessions: readonly SessionModel[], { groups, scale }: Rows, laneBy: LaneBy): void {
    if (laneBy !== 'runner' || scale.lanesAPixel === 1) return;
    sessions.forEach((session, number) => {
      const lanes = groups[number]?.lanes ?? [];
      if (session.runners.length < WORTH_OVERVIEW || fits(session, lanes, scale.lanesAPixel)) return;
      // While runners come it would have to be made again and again.
      const isSteady = this.#lanesBefore.get(session) === lanes;
      this.#lanesBefore.set(session, lanes);
      const { live } = session.info;
      if (live && !isSteady) return;
      const nowUs = live ? undefined : session.nowUs(performance.now());
      session.overview = new Overview(session.runners, lanes, scale.lanesAPixel, nowUs);
    });
  }
}

/** By session its overview, where it has one of the lanes and bars in view. */
export function overviewsOf(
  sessions: readonly SessionModel[],
  { groups, scale }: Rows,
  laneBy: LaneBy,
): (Overview | undefined)[] {
  return sessions.map((session, number) => {
    const isShown = laneBy === 'runner' && fits(session, groups[number]?.lanes, scale.lanesAPixel);
    return isShown ? session.overview : undefined;
  });
}

function fits(
  { overview, runners, info }: SessionModel,
  lanes: ArrayLike<number> | undefined,
  lanesAPixel: number,
): boolean {
  return (
    overview?.bars === runners.length &&
    overview.lanesAPixel === lanesAPixel &&
    overview.lanes === lanes &&
    overview.holdsOpenBars !== info.live
  );
}

/** Heights of a lane. Below the readable ones a lane is one colour; below one pixel several lanes share one. */
export const READABLE_LANE_PX = 30;
const LANE_STEPS_PX = [1, 2, 3, 4, 6, 8, 12, 18, 24, READABLE_LANE_PX, 40, 56];
/** Lanes that share a pixel are a power of two, at most this many. */
const MAX_LANES_A_PIXEL = 1024;

/** Vertical scale: pixels a lane, or lanes a pixel; one of the two is 1. */
export interface LaneScale {
  readonly lanePx: number;
  readonly lanesAPixel: number;
}

export interface RowGroup {
  /** Lanes in the order in which they are shown. */
  readonly lanes: ArrayLike<number>;
  readonly collapsed: boolean;
}

/** Where a vertical position lies: in a group's header, or in one of its lanes. */
export interface RowHit {
  readonly group: number;
  /** Index into the group's lanes; -1 in its header. */
  readonly index: number;
  /** Pixels below the row's top. */
  readonly offset: number;
}

/** The rows of the page from top to bottom: for each group a header and, unless it is collapsed, its lanes. */
export class Rows {
  readonly groups: readonly RowGroup[];
  readonly scale: LaneScale;
  readonly headerPx: number;
  readonly heightPx: number;
  readonly #tops: number[] = [];

  constructor(groups: readonly RowGroup[], scale: LaneScale, headerPx: number) {
    this.groups = groups;
    this.scale = scale;
    this.headerPx = headerPx;
    let top = 0;
    for (const group of groups) {
      this.#tops.push(top);
      top += headerPx + this.bodyPx(group);
    }
    this.heightPx = top;
  }

  top(group: number): number {
    return this.#tops[group] ?? 0;
  }

  bodyPx(group: RowGroup): number {
    if (group.collapsed) return 0;
    const { lanePx, lanesAPixel } = this.scale;
    return lanesAPixel > 1 ? Math.ceil(group.lanes.length / lanesAPixel) : group.lanes.length * lanePx;
  }

  /** Top of the lane with this index in its group. */
  laneTop(group: number, index: number): number {
    const { lanePx, lanesAPixel } = this.scale;
    return this.top(group) + this.headerPx + (lanesAPixel > 1 ? Math.floor(index / lanesAPixel) : index * lanePx);
  }

  at(y: number): RowHit | undefined {
    for (let group = this.groups.length - 1; group >= 0; group--) {
      const inside = y - this.top(group);
      if (inside < 0) continue;
      if (inside < this.headerPx) return { group, index: -1, offset: inside };
      const { lanes, collapsed } = this.groups[group] as RowGroup;
      const { lanePx, lanesAPixel } = this.scale;
      const body = inside - this.headerPx;
      const index = lanesAPixel > 1 ? Math.floor(body) * lanesAPixel : Math.floor(body / lanePx);
      if (collapsed || index >= lanes.length) return undefined;
      return { group, index, offset: lanesAPixel > 1 ? 0 : body - index * lanePx };
    }
    return undefined;
  }
}

/** The tallest scale, readable at most, in which all lanes fit the height. */
export function scaleToFit(lanes: number, heightPx: number): LaneScale {
  const steps = LANE_STEPS_PX.filter((px) => px <= READABLE_LANE_PX);
  const lanePx = steps.findLast((px) => px * lanes <= heightPx);
  if (lanePx !== undefined) return { lanePx, lanesAPixel: 1 };
  let lanesAPixel = 2;
  while (lanesAPixel < MAX_LANES_A_PIXEL && lanes / lanesAPixel > heightPx) lanesAPixel *= 2;
  return { lanePx: 1, lanesAPixel };
}

/** The next scale up (`direction` 1) or down (-1). */
export function nextScale({ lanePx, lanesAPixel }: LaneScale, direction: 1 | -1): LaneScale {
  if (lanesAPixel > 1 || (lanePx === 1 && direction < 0)) {
    const next = direction > 0 ? lanesAPixel / 2 : Math.min(MAX_LANES_A_PIXEL, lanesAPixel * 2);
    return { lanePx: 1, lanesAPixel: next };
  }
  const at = LANE_STEPS_PX.indexOf(lanePx);
  const step = LANE_STEPS_PX[Math.min(LANE_STEPS_PX.length - 1, Math.max(0, at + direction))] ?? READABLE_LANE_PX;
  return { lanePx: step, lanesAPixel: 1 };
}

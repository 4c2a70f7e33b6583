import { BarKind, KINDS, Track, TRACKS, TRACK_OF_KIND } from './bars.ts';
import type { PixelColumns } from './pixel-columns.ts';

/** Below this height a lane is a stripe of one kind a pixel. */
const DETAILED_LANE_PX = 7;

/** Where each kind lies in a lane, as fractions of its height. Requests lie inside passes, states below them. */
const EXTENT: readonly (readonly [kind: number, top: number, bottom: number])[] = [
  [BarKind.queued, 0.27, 0.45],
  [BarKind.backoff, 0.27, 0.45],
  [BarKind.polling, 0.33, 0.42],
  [BarKind.jobsWaiting, 0.27, 0.45],
  [BarKind.passUnknown, 0.07, 0.66],
  [BarKind.pass, 0.07, 0.66],
  [BarKind.passRequeued, 0.07, 0.66],
  [BarKind.passFailed, 0.07, 0.66],
  [BarKind.phaseEven, 0.07, 0.15],
  [BarKind.phaseOdd, 0.07, 0.15],
  [BarKind.retryWait, 0.19, 0.57],
  [BarKind.throttled, 0.19, 0.57],
  [BarKind.requestUnknown, 0.19, 0.57],
  [BarKind.kubernetes, 0.19, 0.57],
  [BarKind.actions, 0.19, 0.57],
  [BarKind.refused, 0.19, 0.57],
  [BarKind.runnerPending, 0.7, 0.78],
  [BarKind.runnerRunning, 0.7, 0.78],
  [BarKind.runnerSucceeded, 0.7, 0.78],
  [BarKind.runnerFailed, 0.7, 0.78],
  [BarKind.podCreated, 0.82, 0.96],
  [BarKind.podPending, 0.82, 0.96],
  [BarKind.podRunning, 0.82, 0.96],
  [BarKind.podSucceeded, 0.82, 0.96],
  [BarKind.podFailed, 0.82, 0.96],
];

/** Where the middle of passes and requests lies in a lane with details, as a fraction of its height. */
export const PASS_MIDDLE = 0.37;

/** The part of a lane with details that shows what runner and pod are, as fractions of its height. */
export const STATES = { top: 0.68, bottom: 0.98 } as const;

/** In a stripe: what is seen where several kinds meet, the last before all others. A wait must not hide that there is a pod. */
const STRIPE_ORDER: readonly number[] = [
  BarKind.polling,
  BarKind.runnerPending,
  BarKind.queued,
  BarKind.jobsWaiting,
  BarKind.backoff,
  BarKind.podCreated,
  BarKind.podPending,
  BarKind.runnerSucceeded,
  BarKind.podSucceeded,
  BarKind.runnerRunning,
  BarKind.podRunning,
  BarKind.passUnknown,
  BarKind.pass,
  BarKind.passRequeued,
  BarKind.retryWait,
  BarKind.requestUnknown,
  BarKind.kubernetes,
  BarKind.throttled,
  BarKind.actions,
  BarKind.runnerFailed,
  BarKind.podFailed,
  BarKind.refused,
  BarKind.passFailed,
];

/**
 * How lanes of one height are drawn. Each bar goes into the column array of its track, as a value of its kind; where bars of
 * one track meet, the highest value stays. Drawing then goes through the tracks in DRAW_ORDER, row by row.
 */
export interface LaneShape {
  readonly heightPx: number;
  /** Column arrays a lane needs. */
  readonly columns: number;
  /** By kind: number of its column array, -1 when it is not drawn. */
  readonly column: Int32Array;
  /** By kind: its value in the column; the highest wins. */
  readonly value: Uint8Array;
  /** By column array and value: the kind. */
  readonly kindOf: Uint8Array;
  /** By kind: first row and the row after the last. */
  readonly top: Uint8Array;
  readonly bottom: Uint8Array;
}

export function isDetailed(heightPx: number): boolean {
  return heightPx >= DETAILED_LANE_PX;
}

/** Lines that are left free between stripes: none where there is no room, nor where some have three pixels and others two. */
export function stripeGapPx(lanePx: number): number {
  return lanePx >= 3 ? 1 : 0;
}

/** Of a lane as it is in the chart. */
export function laneShape(heightPx: number): LaneShape {
  return isDetailed(heightPx) ? detailedShape(heightPx) : stripeShape(heightPx);
}

/** A lane with details uses whole pixels; what is left of a fraction stays free. */
function detailedShape(heightPx: number): LaneShape {
  const wholePx = Math.floor(heightPx);
  const shape = emptyShape(heightPx, TRACKS);
  for (const [kind, top, bottom] of EXTENT) {
    const track = TRACK_OF_KIND[kind] as number;
    shape.column[kind] = track;
    shape.value[kind] = kind;
    shape.kindOf[track * KINDS + kind] = kind;
    shape.top[kind] = Math.round(top * wholePx);
    shape.bottom[kind] = Math.max(Math.round(top * wholePx) + 1, Math.round(bottom * wholePx));
  }
  return shape;
}

/** A lane of one kind a pixel, however high it is. */
export function stripeShape(heightPx: number): LaneShape {
  const shape = emptyShape(heightPx, 1);
  STRIPE_ORDER.forEach((kind, rank) => {
    shape.column[kind] = 0;
    shape.value[kind] = rank + 1;
    shape.kindOf[rank + 1] = kind;
    shape.bottom[kind] = heightPx - stripeGapPx(heightPx);
  });
  return shape;
}

function emptyShape(heightPx: number, columns: number): LaneShape {
  return {
    heightPx,
    columns,
    column: new Int32Array(KINDS).fill(-1),
    value: new Uint8Array(KINDS),
    kindOf: new Uint8Array(columns * KINDS),
    top: new Uint8Array(KINDS),
    bottom: new Uint8Array(KINDS),
  };
}

/** For BarStore.bin(): only moments, each as its kind. */
export const MARKS: Pick<PixelColumns, 'slot' | 'value'> = {
  slot: Int32Array.from({ length: KINDS }, (_, kind) => (kind >= BarKind.markRunnerCreated ? 0 : -1)),
  value: Uint8Array.from({ length: KINDS }, (_, kind) => (kind >= BarKind.markRunnerCreated ? kind : 0)),
};

/**
 * Rows of stripes whose values share a 32-bit word, a byte each, the first row's lowest: four are then read and painted in
 * hardly more time than one.
 */
export const ROWS_A_BAND = 4;

/** For BarStore.bin(), with a step of ROWS_A_BAND: by row of a band where its values are. */
export function slotsOfBand({ column }: LaneShape): readonly Int32Array[] {
  return Array.from({ length: ROWS_A_BAND }, (_, inBand) => column.map((number) => (number < 0 ? -1 : inBand)));
}

/** Column arrays from the one in front to the one behind. */
export const DRAW_ORDER: readonly number[] = [Track.requests, Track.phases, Track.flow, Track.runner, Track.pod];

import { BarKind } from './bars.ts';

/** What a runner's or a pod's bar shows that has no end yet. */
export interface OpenBar {
  readonly kind: BarKind;
  readonly sinceUs: number;
  /** Number of the word that says why; that of the empty word where there is nothing to say. */
  readonly word: number;
}

const NO_BAR: OpenBar = { kind: BarKind.none, sinceUs: 0, word: 0 };

/** What has been made into bars of a pass that goes on. */
export interface Progress {
  readonly pass: number;
  /** The last phase and request that have bars from end to end, NONE before the first. */
  phase: number;
  request: number;
  /** When the phase and the request began that have a bar without an end; NaN where there is none. */
  openPhaseUs: number;
  openRequestUs: number;
  /** Whether the request in flight has a bar for the time that the limiter held it back. */
  wasHeld: boolean;
}

/** What a feed of bars remembers of a lane. */
export interface LaneState {
  readonly lane: number;
  /** Whether the runner itself has been seen, not only what is done for it. */
  isKnown: boolean;
  runner: OpenBar;
  pod: OpenBar;
  /** How many phases have bars: they take turns between two shades. */
  phases: number;
  /** Numbers of the runner's passes. */
  readonly passes: number[];
  progress: Progress | undefined;
}

export function newLane(lane: number): LaneState {
  return { lane, isKnown: false, runner: NO_BAR, pod: NO_BAR, phases: 0, passes: [], progress: undefined };
}

import type { SlowBurst } from './burst-cause.ts';
import type { Reading } from './reading.ts';
import type { Seen } from './seen.ts';

export interface EvidenceLine {
  readonly at: Seen;
  /** What the line says. */
  readonly says: string;
}

export interface Finding {
  readonly id: string;
  /** `error`: it stops or delays runners; `warning`: it may; `note`: good to know. */
  readonly severity: 'error' | 'warning' | 'note';
  /** At most 25 words, with the numbers. */
  readonly sentence: string;
  /** More that the lines say, one sentence each. */
  readonly details: readonly string[];
  /** Names of the runners that it concerns. */
  readonly runners: readonly string[];
  readonly evidence: readonly EvidenceLine[];
  readonly confidence: 'sure' | 'likely' | 'unsure';
  readonly advice: string;
  /** The setting of the chart that it depends on. */
  readonly knob?: string;
  /** The burst that it explains, of several the longest. */
  readonly burst?: SlowBurst;
  /** The same for findings of one cause: the first is shown, with what the others add. */
  readonly cause?: string;
  /** What it adds, where another finding of its cause has said the rest. */
  readonly asDetail?: string;
  /** How long it delayed somebody, in microseconds; the longest comes first. */
  readonly weightUs: number;
}

/** A finding about one runner, which is shown as one with those that are alike. */
export type OfOne = Finding & { readonly alike?: Alike };

export interface Alike {
  /** The same for those that are one. */
  readonly cause: string;
  /** What is said of several, which `who` counts: `38 runners`. */
  readonly sentence: (who: string) => string;
  /** Since when it is so for this one, in microseconds; undefined where that is not known. */
  readonly sinceUs?: number | undefined;
  /** How long it was so for this one, in microseconds, where the times themselves are not known. */
  readonly lastedUs?: number;
}

export type Rule = (reading: Reading) => readonly OfOne[];

import type { HostMessage } from './protocol.ts';

/** What may be set on the page, and be tried there. Times are in the unit that the field names. */
export type FieldId =
  | 'mode'
  | 'runners'
  | 'perSecond'
  | 'workers'
  | 'qps'
  | 'burst'
  | 'workqueueRateLimiter'
  | 'jitLatency'
  | 'apiLatency'
  | 'podStart'
  | 'p95'
  | 'last'
  | 'requestRate';

/** What fields hold, as it is written there; a field that is left out holds what it held. */
export type FieldValues = Readonly<Partial<Record<FieldId, string>>>;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A field of the form. */
export interface Field {
  readonly id: FieldId;
  readonly group: 'load' | 'controller' | 'cluster' | 'objective';
  readonly label: string;
  /** Of a number; empty where it has none. */
  readonly unit: string;
  readonly value: string;
  /** Where the value comes from, or why it cannot be changed. */
  readonly about: string;
  /** Why the value cannot be used; empty where it can. */
  readonly problem: string;
  readonly isFixed: boolean;
  /** For a field with few values. */
  readonly choices: readonly Choice[] | undefined;
  /** Values that a slider stops at, the present one among them; empty where a field cannot be tried. */
  readonly stops: readonly number[];
}

/** What a figure rests on. */
export interface Basis {
  readonly kind: 'recorded' | 'within' | 'extrapolated';
  readonly text: string;
}

/** What one change alone does to the last pod. */
export interface Effect {
  readonly change: string;
  readonly effect: string;
  /** Microseconds by which the last pod comes sooner, negative for later; null where some runners get no pod. */
  readonly soonerUs: number | null;
  /** More than seeds alone make of it. */
  readonly isEffect: boolean;
  readonly basis: Basis;
  /** What to try for it. */
  readonly values: FieldValues;
}

/** The effects of one setting, as far as they are known. */
export interface EffectsOfOne {
  readonly id: string;
  /** Of a single run each: more runs follow. */
  readonly isFirstLook: boolean;
  readonly ends: readonly Effect[];
}

export interface CurvePoint {
  readonly value: number;
  /** Microseconds; null where some runners get no pod, and for a band without an upper end. */
  readonly lastUs: number | null;
  readonly lowUs: number | null;
  readonly highUs: number | null;
  readonly text: string;
  readonly basis: Basis;
  readonly values: FieldValues;
}

export interface CurveOfOne {
  readonly label: string;
  readonly points: readonly CurvePoint[];
  /** Place of the first point after which more does not help. */
  readonly knee: number;
  /** What it shows, in a sentence. */
  readonly text: string;
}

/** Settings as files and flags. */
export interface Patch {
  /** What it is for, in a sentence. */
  readonly about: string;
  readonly helm: string;
  readonly flags: string;
}

export interface ComparedRow {
  readonly label: string;
  readonly now: string;
  readonly tried: string;
}

export type WhatIfHostMessage =
  /**
   * What the page is about, for the next window: the page keeps it, and hands it back as a part of its state. With what was
   * written and tried on it last; the page may have lost some of that.
   */
  | { readonly type: 'subject'; readonly subject: unknown; readonly values: FieldValues; readonly tried: FieldValues }
  | { readonly type: 'fields'; readonly title: string; readonly source: string; readonly fields: readonly Field[] }
  /** What was said before is out of date: everything is computed again. */
  | { readonly type: 'begin' }
  | { readonly type: 'progress'; readonly text: string; readonly isDone: boolean }
  /** When the last pod comes now, and what holds it back. */
  | { readonly type: 'now'; readonly text: string; readonly basis: Basis }
  | { readonly type: 'effects'; readonly effects: EffectsOfOne }
  | { readonly type: 'curve'; readonly curve: CurveOfOne | null }
  /** What to do, in a sentence, and the settings to try for it; null where there is nothing to change. */
  | { readonly type: 'found'; readonly text: string; readonly basis: Basis; readonly values: FieldValues | null }
  | { readonly type: 'growth'; readonly text: string; readonly basis: Basis }
  | { readonly type: 'patch'; readonly patch: Patch | null }
  /** What is tried, beside what is now; an empty text where nothing is. */
  | {
      readonly type: 'compared';
      readonly text: string;
      readonly basis: Basis | null;
      readonly rows: readonly ComparedRow[];
    }
  /** For the compared timeline. */
  | { readonly type: 'timeline'; readonly message: HostMessage }
  | { readonly type: 'failed'; readonly text: string };

export type WhatIfPageMessage =
  /** The page has come, with what was written and tried on it before. */
  | { readonly type: 'ready'; readonly values: FieldValues; readonly tried: FieldValues }
  /** The fields hold these values: everything is computed again. */
  | { readonly type: 'ask'; readonly values: FieldValues }
  /** These values are tried in place of those of the fields: the compared timeline is drawn again. */
  | { readonly type: 'try'; readonly values: FieldValues }
  | { readonly type: 'copy'; readonly form: 'helm' | 'flags' }
  | { readonly type: 'save' }
  /** The settings that are tried, or those of the fields, are to be those of a run. */
  | { readonly type: 'run' }
  /** How near simulations come to real controllers. */
  | { readonly type: 'openAccuracy' }
  /** The compared timeline is drawn, this long after the slider was moved. */
  | { readonly type: 'drawn'; readonly afterMs: number }
  | { readonly type: 'error'; readonly text: string };

/** What the page keeps over being hidden, and over the window being loaded again. */
export interface WhatIfState {
  readonly version: 1;
  /** What the page is about, as VS Code's side has sent it. */
  readonly subject?: unknown;
  readonly values: FieldValues;
  readonly tried: FieldValues;
}

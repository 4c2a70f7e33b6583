import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import type { Crossing } from './crossing.ts';
import type { Snapshot } from './snapshot.ts';

/** An object that shows a hazard, and what in it does. */
export interface Shown {
  readonly kind: string;
  /** '' for a kind without namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly shows: string;
}

/** In this order an upgrade is done. */
export const STAGES = ['uninstall', 'settle', 'stop', 'repair', 'definitions', 'upgrade', 'after'] as const;

/** Something to do, with the call that does it. */
export interface Action {
  readonly stage: (typeof STAGES)[number];
  readonly does: string;
  /** undefined where it depends on how ARC was installed. */
  readonly command: string | undefined;
  /** The call is right if Helm made the object, with a release of the object's name: nothing says what did. */
  readonly isGuess?: boolean;
}

/** An action as a rule names it, with the object that it is done to: once that is gone with its scale set, it is not needed. */
export interface ObjectAction extends Action {
  readonly of?: ApiObject;
}

export interface Hazard {
  readonly id: string;
  /** `error`: something stops or is lost; `warning`: it may be; `note`: good to know. */
  readonly severity: 'error' | 'warning' | 'note';
  /** At most 25 words, with the numbers. */
  readonly sentence: string;
  /** More of what would happen, one sentence each. */
  readonly details: readonly string[];
  readonly objects: readonly Shown[];
  readonly actions: readonly Action[];
  /** `sure`: seen in a run of both real controllers; `likely`: what the source of the release says. */
  readonly confidence: 'sure' | 'likely';
}

export type FoundHazard = Omit<Hazard, 'actions'> & { readonly actions: readonly ObjectAction[] };

/** One thing that objects of one release can do to another. */
export interface HazardRule {
  readonly id: string;
  /** What is looked for, as the end of `looked for`. */
  readonly looksFor: () => string;
  readonly kinds: readonly Resource[];
  /** Whether the border lies between the two releases. */
  readonly isCrossed: (crossing: Crossing) => boolean;
  /** Why it cannot be looked for between these two, though the objects were read: a sentence's end; undefined where it can. */
  readonly isOpen?: (crossing: Crossing, snapshot: Snapshot) => string | undefined;
  /** @returns undefined where no object shows it */
  readonly find: (crossing: Crossing, snapshot: Snapshot) => Omit<FoundHazard, 'id'> | undefined;
}

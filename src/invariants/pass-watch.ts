import type { ReconcileEffect } from '../runtime/effects.ts';

/** Looks at what one pass sees and asks for, and judges it by that: what must never be, whatever a cache shows. */
export interface PassWatch {
  /** The pass is about to do something. @returns what of it must never be, in sentences without their stop */
  asks(effect: ReconcileEffect): readonly string[];
  /** The pass has its answer. */
  answered(effect: ReconcileEffect, answer: unknown): void;
}

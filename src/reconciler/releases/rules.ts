import type { Switch } from './switches.ts';

/** A pull request that builds on an earlier one: the later without the earlier does not hold together. */
interface Rule {
  readonly later: Switch;
  readonly earlier: Switch;
  readonly why: string;
}

export const RULES: readonly Rule[] = [];

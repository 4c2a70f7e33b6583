/**
 * The versions of ARC's controller. What differs between them is what a pass does after two of its steps; everything
 * else is the same code.
 *
 * `old` is ARC before pull request 3831: a pass ends after registering the runner and another after making its secret,
 * so a worker registers every queued runner before it makes the first pod. `new` is ARC from that change on: one pass
 * registers the runner, makes its secret and its pod.
 */
export type Mode = 'old' | 'new';

export const MODES: readonly Mode[] = ['old', 'new'];

export interface ModeRules {
  /** After the registration has been stored in the runner's status. */
  readonly afterRegistration: 'end-pass' | 'continue';
  /** After the JIT config's secret has been created. */
  readonly afterSecret: 'requeue' | 'continue';
}

export const MODE_RULES: Readonly<Record<Mode, ModeRules>> = {
  old: { afterRegistration: 'end-pass', afterSecret: 'requeue' },
  new: { afterRegistration: 'continue', afterSecret: 'continue' },
};

export function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}

import { visibleText } from '../base/visible-text.ts';

/** One line of the checklist that is shown before anything is written to a cluster. */
export interface Check {
  readonly name: string;
  /** Only `failed` keeps a run from starting. */
  readonly state: 'passed' | 'warned' | 'failed';
  /** What was found. */
  readonly says: string;
  /** What to do about it, for whatever has not passed. */
  readonly todo?: string;
  /** Whether it fails for a controller that can be scaled to zero. */
  readonly scalable?: true;
}

export function passed(name: string, says: string): Check {
  return { name, state: 'passed', says };
}

export function warned(name: string, says: string, todo: string): Check {
  return { name, state: 'warned', says, todo };
}

export function failed(name: string, says: string, todo: string): Check {
  return { name, state: 'failed', says, todo };
}

const SIGNS = { passed: '✓', warned: '!', failed: '✗' } as const;

/** The check as a line of text, and a second one with what to do. */
export function checkText({ name, state, says, todo }: Check): string {
  const line = `${SIGNS[state]} ${name}: ${says}`;
  return visibleText(todo === undefined ? line : `${line}\n    ${todo}`);
}

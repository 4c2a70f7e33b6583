import type { Reading } from './reading.ts';
import { lengthUs, together, type Repeated } from './seen.ts';

/** A shorter break may be the wait of a runner that fails again. */
const BREAK_US = 60e6;

/**
 * Failures at GitHub as the spells that they came in, in order: where runners registered in a break longer than either of
 * two, the first was over before the second began. Failures that come singly are one spell.
 */
export function spellsOf({ runners }: Reading, failures: readonly Repeated[]): Repeated[] {
  const inOrder = [...failures].sort((a, b) => a.first.at.us - b.first.at.us);
  const registeredUs = [...runners.values()].flatMap(({ milestones }) => milestones.get('registered')?.at.us ?? []);
  const spells: Repeated[] = [];
  for (const failure of inOrder) {
    const before = spells.at(-1);
    if (before === undefined || isBreak(before, failure, registeredUs)) spells.push(failure);
    else spells[spells.length - 1] = together([before, failure]);
  }
  return spells.every((spell) => lengthUs(spell) > 0) ? spells : [together(failures)];
}

function isBreak(before: Repeated, after: Repeated, registeredUs: readonly number[]): boolean {
  const [from, until] = [before.last.at.us, after.first.at.us];
  return (
    until - from > Math.max(BREAK_US, lengthUs(before), lengthUs(after)) &&
    registeredUs.some((us) => us > from && us < until)
  );
}

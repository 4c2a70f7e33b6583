import type { Clock } from '../base/clock.ts';
import { EmbeddedLab, type EmbeddedLabOptions } from './embedded-lab.ts';

/** The controller is started and its caches are filled before the runners are created. */
export const START_UP_US = 50_000;

/** A clock for which time stands still while a callback from outside runs. */
type EnterableClock = Clock & { enter<T>(callback: () => T): T };

/**
 * Starts a lab and lets its runners be created START_UP_US later: one beginning for virtual and real time, the command line
 * and sessions, so that the same settings give the same run everywhere.
 */
export function startEmbeddedLab(
  options: EmbeddedLabOptions & { readonly clock: EnterableClock },
  createRunners: (lab: EmbeddedLab) => void,
): EmbeddedLab {
  const { clock } = options;
  return clock.enter(() => {
    const lab = new EmbeddedLab(options);
    lab.start();
    clock.schedule(START_UP_US, createRunners, lab);
    return lab;
  });
}

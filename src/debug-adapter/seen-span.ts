import { coarseSpan } from '../base/coarse-span.ts';
import type { Recording } from '../debug/recording.ts';
import { clockStepUs } from '../trace/header.ts';

/** How long something took in a run, in microseconds, or what the clock of the log leaves open that it was read from. */
export function seenSpan({ finished }: Pick<Recording, 'finished'>, us: number): string {
  return coarseSpan(us, clockStepUs(finished.trace.header));
}

import type { TraceLog } from '../trace/trace-log.ts';
import { MadeByRows, type Made } from './made.ts';

/** Something that a request made, and for which object's pass. */
export interface Step {
  readonly made: Made;
  /** namespace/name of what was reconciled. */
  readonly object: string;
  /** Number of the pass. */
  readonly pass: number;
  /** When the answer came. */
  readonly atUs: number;
}

/** All that passes made, in the order of the answers. */
export function stepsOf(log: TraceLog): Step[] {
  const { passes, requests, strings } = log.rows;
  const made = new MadeByRows(log.rows);
  const steps: Step[] = [];
  for (let pass = 0; pass < log.passCount; pass++) {
    for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
      const what = made.of(request);
      const atUs = requests.span.endedUs(request);
      if (what === undefined || Number.isNaN(atUs)) continue;
      steps.push({ made: what, object: strings.text(passes.object.get(pass)), pass, atUs });
    }
  }
  return steps.sort((a, b) => a.atUs - b.atUs);
}

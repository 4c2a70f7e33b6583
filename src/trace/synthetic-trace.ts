import { Random } from '../base/random.ts';
import { TraceLog } from './trace-log.ts';

/** Bars that a pass of this trace makes in a timeline: the pass, its wait, a phase and two requests. */
const BARS_A_PASS = 5;
const SPAN_US = 3_600_000_000;

/** A made-up trace of an hour with about so many bars, for looking at how much a timeline bears. */
export function syntheticTrace(bars: number, runners: number, seed = 1): TraceLog {
  const random = new Random(seed, 'synthetic');
  const log = new TraceLog({
    type: 'header',
    version: 1,
    start: new Date(0).toISOString(),
    mode: 'synthetic',
    source: 'synthetic',
    settings: { bars, runners, seed },
  });
  const passes = Math.ceil(bars / BARS_A_PASS);
  for (let number = 0; number < passes; number++) {
    const runner = `load/runner-${random.below(runners)}`;
    const queued = Math.round((number / passes) * SPAN_US);
    const started = queued + random.below(200_000);
    const pass = log.beginPass(runner, number % 10, 1, 'ephemeralrunner-updated', queued, queued, started);
    log.beginPhase(pass, 'work', started);
    const middle = started + 2_000 + random.below(20_000);
    const ended = middle + 5_000 + random.below(400_000);
    log.addRequest(pass, 'kubernetes', 'patch', 'ephemeralrunners', '', 200, 0, started, middle);
    log.addRequest(pass, 'actions', 'post', 'generatejitconfig', '', 200, 0, middle, ended);
    log.endPass(pass, random.below(50) === 0 ? 'error' : 'done', 0, null, ended + 500);
  }
  return log;
}

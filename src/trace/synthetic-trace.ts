import { Random } from '../base/random.ts';
import { TraceLog } from './trace-log.ts';

/** Bars that a pass of this trace makes in a timeline: the pass, its wait, a phase and two requests. */
const BARS_A_PASS = 5;
const SPAN_US = 3_600_000_000;

/** A synthetic trace of an hour with about this many bars, to see how a timeline copes. */
export function syntheticTrace(bars: number, runners: number, seed = 1): TraceLog {
  const random = new Random(seed, 'synthetic');
  const log = new TraceLog({
    type: 'header',
    version: 2,
    start: new Date(0).toISOString(),
    release: 'synthetic',
    sources: [{ kind: 'synthetic' }],
    settings: { bars, runners, seed },
  });
  const passes = Math.ceil(bars / BARS_A_PASS);
  for (let number = 0; number < passes; number++) {
    const object = `load/runner-${random.below(runners)}`;
    const queued = Math.round((number / passes) * SPAN_US);
    const started = queued + random.below(200_000);
    const pass = log.beginPass({
      ...{ object, controller: 'ephemeralrunner', worker: number % 10 },
      ...{ attempt: 1, trigger: 'ephemeralrunner-updated', queued, ready: queued, started, basis: 'run' },
    });
    log.beginPhase(pass, 'work', started);
    const middle = started + 2_000 + random.below(20_000);
    const ended = middle + 5_000 + random.below(400_000);
    const patch = { to: 'kubernetes', verb: 'patch', resource: 'ephemeralrunners', throttled: 0 } as const;
    log.beginRequest(pass, { ...patch, started });
    log.endRequest(pass, { status: 200, ended: middle });
    const register = { to: 'actions', verb: 'post', resource: 'generatejitconfig', throttled: 0 } as const;
    log.beginRequest(pass, { ...register, started: middle });
    log.endRequest(pass, { status: 200, ended });
    const result = random.below(50) === 0 ? 'error' : 'done';
    log.endPass(pass, { ended: ended + 500, result, after: 0, error: null });
  }
  return log;
}

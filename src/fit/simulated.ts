import type { RunSpec } from '../run/run-spec.ts';
import type { RunSettings } from '../run/settings.ts';
import type { SimulationPool } from '../run/simulation-pool.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { EVENTS, type Curves } from './curves.ts';

/** A burst in a run of our own. */
export interface Simulated {
  readonly settings: RunSettings;
  readonly curves: Curves;
  readonly trace: TraceLog;
  readonly originUs: number;
}

/**
 * Runs a load in virtual time.
 * @throws SimulationCancelled, SimulationError
 */
export async function simulated(pool: SimulationPool, spec: RunSpec, signal?: AbortSignal): Promise<Simulated> {
  const { settings, trace, originUs } = await pool.run({ ...spec, trace: 'all' }, signal);
  if (trace === undefined) throw new Error('a run was asked for with its trace and came without');
  return { settings, curves: curvesOf(trace, originUs), trace, originUs };
}

function curvesOf(trace: TraceLog, originUs: number): Curves {
  const times: Record<keyof Curves, number[]> = { created: [], asked: [], registered: [], secret: [], pod: [] };
  for (const { object, requests = [] } of trace.passes()) {
    // The line that announces a registration comes before the pass reads GitHub's secret, which is not the runner's.
    const github = requests.find((request) => request.resource === 'secrets' && request.object !== object);
    for (const { verb, resource, status, started, ended } of requests) {
      if (resource === 'generatejitconfig') {
        const askedUs = github?.started ?? started;
        if (askedUs !== undefined) times.asked.push(askedUs - originUs);
        if (ended !== undefined && status === 200) times.registered.push(ended - originUs);
      }
      if (verb !== 'create' || status !== 201 || ended === undefined) continue;
      if (resource === 'ephemeralrunners') times.created.push(ended - originUs);
      else if (resource === 'secrets') times.secret.push(ended - originUs);
      else if (resource === 'pods') times.pod.push(ended - originUs);
    }
  }
  for (const event of EVENTS) times[event].sort((a, b) => a - b);
  return times;
}

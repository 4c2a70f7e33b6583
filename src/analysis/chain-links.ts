import { JOB_KIND, LISTENER_KIND, RUNNER_KIND, SET_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { milestonesOf } from './milestones.ts';
import { Origins, type Origin } from './origin.ts';

/** A moment in the lane of an object. */
export interface ChainPlace {
  readonly kind: string;
  /** namespace/name */
  readonly name: string;
  readonly atUs: number;
}

/** From something to what it brought about. */
export interface ChainLink {
  readonly from: ChainPlace;
  readonly to: ChainPlace;
}

/** The links that led to a runner's pod; none where the trace shows no set that made it. @param runner namespace/name */
export function chainLinksOf(log: TraceLog, runner: string): readonly ChainLink[] {
  const origin = new Origins(log).of(runner);
  if (origin === undefined) return [];
  const { created, registered, pod } = milestonesOf(log, runner).get(runner) ?? {};
  const milestones = { createdUs: created?.atUs, registeredUs: registered?.atUs, podUs: pod?.atUs };
  return chainLinks(origin, runner, milestones);
}

/**
 * What led to a runner's pod, in order: a job is queued, the listener decides, the set is patched, the runner is made,
 * registered, and gets its pod. What the trace does not show is left out.
 * @param milestones when the runner was seen first, was registered, and got its pod
 */
function chainLinks(
  { set, madeUs, state, job }: Origin,
  runner: string,
  milestones: Readonly<Record<'createdUs' | 'registeredUs' | 'podUs', number | undefined>>,
): ChainLink[] {
  const links: ChainLink[] = [];
  const link = (from: ChainPlace | undefined, to: ChainPlace | undefined): void => {
    if (from !== undefined && to !== undefined && from.atUs <= to.atUs) links.push({ from, to });
  };
  const at = (kind: string, name: string, atUs: number | undefined): ChainPlace | undefined =>
    atUs === undefined ? undefined : { kind, name, atUs };
  const decision = state?.decision;
  const decided = decision && at(LISTENER_KIND, decision.listener, decision.atUs);
  link(job && at(JOB_KIND, jobsName(job.job, job.scaleSet), job.queuedUs), decided);
  link(decided, at(SET_KIND, set, state?.atUs));
  // A set's pass ends when all of its runners are made; each is there when it is seen.
  const created = at(RUNNER_KIND, runner, Math.max(madeUs, milestones.createdUs ?? madeUs));
  link(at(SET_KIND, set, madeUs), created);
  const registered = at(RUNNER_KIND, runner, milestones.registeredUs);
  link(created, registered);
  link(registered ?? created, at(RUNNER_KIND, runner, milestones.podUs));
  return links;
}

/**
 * The name of the lane that the jobs of a scale set share: the scale set's own, or that of a namespace's jobs where it is not known.
 * @param job namespace/name of one of them
 */
export function jobsName(job: string, scaleSet: string | undefined): string {
  return scaleSet ?? `${job.slice(0, job.indexOf('/') + 1)}jobs`;
}

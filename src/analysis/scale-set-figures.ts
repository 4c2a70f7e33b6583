import { JOB_KIND, RUNNER_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { milestonesOf, type MilestoneName } from './milestones.ts';

/** When a job of the service came and went; times are the trace's microseconds, undefined for what has not happened. */
export interface JobTimes {
  readonly queuedUs: number;
  /** namespace/name of the runner that it was given to. */
  readonly runner: string | undefined;
  readonly startedUs: number | undefined;
  readonly completedUs: number | undefined;
  /** When GitHub gave it up: its runner had been lost. */
  readonly lostUs: number | undefined;
}

/** What a scale set did for its jobs, as its trace has it. */
export interface ScaleSetFigures {
  /** When the AutoscalingRunnerSet was first seen. */
  readonly madeUs: number | undefined;
  /** When a listener's container first ran. */
  readonly listenerUs: number | undefined;
  readonly jobs: readonly JobTimes[];
  /** Each time that another number of runners was asked for. */
  readonly decisions: readonly { readonly atUs: number; readonly runners: number }[];
  /** When each runner came by something, in the order of time. */
  readonly runners: Readonly<Partial<Record<MilestoneName, readonly number[]>>>;
  /** The greatest number of runners that there were at a time, those being removed included. */
  readonly mostRunners: number;
}

export function scaleSetFigures(log: TraceLog): ScaleSetFigures {
  const { objects, strings, words } = log.rows;
  const jobs = new Map<number, { -readonly [F in keyof JobTimes]?: JobTimes[F] } & { queuedUs: number }>();
  const decisions: { atUs: number; runners: number }[] = [];
  let [madeUs, listenerUs]: (number | undefined)[] = [undefined, undefined];
  const alive = new Set<number>();
  let mostRunners = 0;
  for (let row = 0; row < objects.object.length; row++) {
    const atUs = objects.span.startedUs(row);
    const object = objects.object.get(row);
    const phase = words.textOf(objects.phase.get(row));
    switch (words.textOf(objects.kind.get(row)) ?? '') {
      case 'AutoscalingRunnerSet':
        madeUs ??= atUs;
        break;
      case 'AutoscalingListener':
        if (phase === 'Running') listenerUs ??= atUs;
        break;
      case 'EphemeralRunnerSet': {
        const runners = objects.replicas.get(row);
        if (!Number.isNaN(runners) && runners !== (decisions.at(-1)?.runners ?? 0)) decisions.push({ atUs, runners });
        break;
      }
      case RUNNER_KIND:
        if (objects.deleted.get(row) === 1) alive.delete(object);
        else alive.add(object);
        mostRunners = Math.max(mostRunners, alive.size);
        break;
      case JOB_KIND: {
        const job = jobs.get(object) ?? { queuedUs: atUs };
        jobs.set(object, job);
        if (phase === 'running') {
          job.startedUs ??= atUs;
          const [name, key] = [log.rows.whys[objects.why.get(row)]?.message, strings.text(object)];
          if (name !== undefined) job.runner ??= key.slice(0, key.indexOf('/') + 1) + name;
        }
        if (phase === 'completed') job.completedUs ??= atUs;
        if (phase === 'lost') job.lostUs ??= atUs;
        break;
      }
      default:
    }
  }
  return {
    ...{ madeUs, listenerUs, decisions, mostRunners },
    jobs: [...jobs.values()].map(({ queuedUs, runner, startedUs, completedUs, lostUs }) => {
      return { queuedUs, runner, startedUs, completedUs, lostUs };
    }),
    runners: runnerTimes(log),
  };
}

function runnerTimes(log: TraceLog): ScaleSetFigures['runners'] {
  const times: Partial<Record<MilestoneName, number[]>> = {};
  for (const milestones of milestonesOf(log).values()) {
    for (const [name, { atUs }] of Object.entries(milestones)) (times[name as MilestoneName] ??= []).push(atUs);
  }
  for (const each of Object.values(times)) each.sort((a, b) => a - b);
  return times;
}

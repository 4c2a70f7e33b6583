import { JOB_KIND, POD_STATES, RUNNER_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { percentile, statisticsOf } from './statistics.ts';
import { isRequest, isWrite, requestsOf } from './waste/requests-of.ts';

/**
 * What ARC's maintainers measure of a run. Times are microseconds, counts are for each runner; null for what the trace does
 * not show.
 */
export interface Lifecycle {
  /** That had passes: of these the counts are. */
  readonly runners: number;
  /** From the end of a runner's job to the removal of the runner's object. */
  readonly removalP50Us: number | null;
  readonly removalP95Us: number | null;
  readonly removalP99Us: number | null;
  /** From the first job, or the first runner where there are no jobs, to the removal of the last runner. */
  readonly drainUs: number | null;
  readonly jobsASecond: number | null;
  /** From the first job or runner to the first pod, and to the last. */
  readonly firstPodUs: number | null;
  readonly lastPodUs: number | null;
  readonly requests: number | null;
  readonly writes: number | null;
  readonly actionsCalls: number | null;
  readonly passes: number | null;
  /**
   * The most generatejitconfig calls that were under way at a time; one that waits for the client's lock is not, and lines
   * of a log do not tell which do.
   */
  readonly jitCallsAtOnce: number | null;
}

export function lifecycleOf(log: TraceLog): Lifecycle {
  const { endedUs, removedUs, jobs, jobsDoneUs, beganUs } = endsOf(log);
  const removals = [...removedUs].flatMap(([runner, us]) => {
    const end = endedUs.get(runner);
    return end === undefined ? [] : [Math.max(0, us - end)];
  });
  removals.sort((a, b) => a - b);
  const fromUs = beganUs ?? log.originUs;
  const lastUs = Math.max(...removedUs.values());
  const { runners, passes, firstPodUs, lastPodUs } = statisticsOf(log, fromUs);
  const counts = requestCounts(log);
  const each = (count: number): number | null => (runners === 0 ? null : count / runners);
  return {
    runners,
    removalP50Us: percentile(removals, 0.5),
    removalP95Us: percentile(removals, 0.95),
    removalP99Us: percentile(removals, 0.99),
    drainUs: removedUs.size === 0 ? null : lastUs - fromUs,
    jobsASecond: jobsDoneUs > fromUs ? (1e6 * jobs) / (jobsDoneUs - fromUs) : null,
    firstPodUs,
    lastPodUs,
    requests: each(counts.requests),
    writes: each(counts.writes),
    actionsCalls: each(counts.actionsCalls),
    passes: each(passes),
    jitCallsAtOnce: jitCallsAtOnce(log),
  };
}

interface Ends {
  /** By runner: when its job, or else its pod, was over. */
  readonly endedUs: ReadonlyMap<number, number>;
  readonly removedUs: ReadonlyMap<number, number>;
  /** Jobs that are done, and when the last was. */
  readonly jobs: number;
  readonly jobsDoneUs: number;
  /** When the first job came; undefined where there are none. */
  readonly beganUs: number | undefined;
}

const OVER: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

function endsOf(log: TraceLog): Ends {
  const { objects, words, strings, whys } = log.rows;
  const [ofJobs, ofPods, removedUs] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()];
  let [jobs, jobsDoneUs, beganUs]: [number, number, number | undefined] = [0, -Infinity, undefined];
  const first = (map: Map<number, number>, runner: number, us: number): void => {
    if (!map.has(runner)) map.set(runner, us);
  };
  for (let row = 0; row < objects.object.length; row++) {
    const [kind = RUNNER_KIND, phase] = [words.textOf(objects.kind.get(row)), words.textOf(objects.phase.get(row))];
    const [object, us] = [objects.object.get(row), objects.span.startedUs(row)];
    if (kind === JOB_KIND) {
      beganUs ??= us;
      if (phase !== 'completed') continue;
      jobs++;
      jobsDoneUs = us;
      // The job's message is the name of the runner that does it, which lives in the same namespace.
      const namespace = strings.text(object).replace(/[^/]*$/, '');
      const runner = strings.find(`${namespace}${whys[objects.why.get(row)]?.message ?? ''}`);
      if (runner !== undefined) first(ofJobs, runner, us);
    } else if (kind === RUNNER_KIND) {
      const pod = POD_STATES[objects.pod.get(row)];
      if (pod === 'succeeded' || pod === 'failed' || OVER.has(phase)) first(ofPods, object, us);
      if (objects.deleted.get(row) === 1) first(removedUs, object, us);
    }
  }
  const endedUs = new Map([...ofPods, ...ofJobs]);
  // Real controllers do not see jobs: the end of a runner stands for that of its job.
  return jobs > 0 ? { endedUs, removedUs, jobs, jobsDoneUs, beganUs } : ofRunners(endedUs, removedUs);
}

function ofRunners(endedUs: ReadonlyMap<number, number>, removedUs: ReadonlyMap<number, number>): Ends {
  const jobsDoneUs = Math.max(-Infinity, ...endedUs.values());
  return { endedUs, removedUs, jobs: endedUs.size, jobsDoneUs, beganUs: undefined };
}

/** Of passes and of requests on their own, those of listeners included. */
function requestCounts(log: TraceLog): { requests: number; writes: number; actionsCalls: number } {
  const { requests: rows } = log.rows;
  let [requests, writes, actionsCalls] = [0, 0, 0];
  for (let row = 0; row < rows.to.length; row++) {
    if (rows.to.get(row) === 1) {
      actionsCalls++;
      continue;
    }
    requests++;
    if (isWrite(log, row)) writes++;
  }
  return { requests, writes, actionsCalls };
}

function jitCallsAtOnce(log: TraceLog): number | null {
  const { requests } = log.rows;
  const changes: (readonly [us: number, by: 1 | -1])[] = [];
  for (let pass = 0; pass < log.passCount; pass++) {
    for (const row of requestsOf(log, pass)) {
      if (!isRequest(log, row, 'post', 'generatejitconfig')) continue;
      if (Number.isNaN(requests.throttled.get(row))) return null;
      const [sentUs, endedUs] = [requests.sentUs(row), requests.span.endedUs(row)];
      if (endedUs > sentUs) changes.push([sentUs, 1], [endedUs, -1]);
    }
  }
  // Where one ends when another begins they are not under way together.
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [most, now] = [0, 0];
  for (const [, by] of changes) most = Math.max(most, (now += by));
  return most;
}

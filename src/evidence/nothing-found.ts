import { formatAge, formatDuration } from '../base/duration.ts';
import { stillToCome } from './burst-finding.ts';
import { burstsOf, wayStart, withoutPod } from './bursts.ts';
import type { Note } from './messages.ts';
import type { Quota, Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Seen } from './seen.ts';
import { count, spanText } from './words.ts';

/** Clocks that are finer give times as they are. */
const COARSE_US = 1e5;

interface NothingFound {
  readonly verdict: string;
  /** Whether what was given shows enough of a runner to say that nothing is wrong. */
  readonly isJudged: boolean;
}

/**
 * What is said where no finding is: that nothing is wrong, or what is missing to say so.
 * @param hasLost whether lines are cut so that it is not known what they are about
 */
export function nothingFound(reading: Reading, hasLost: boolean): NothingFound {
  const missing = whatIsMissing(reading, hasLost);
  return missing === undefined
    ? { verdict: healthy(reading), isJudged: true }
    : { verdict: `Not enough to judge: ${missing}.`, isJudged: false };
}

function whatIsMissing(reading: Reading, hasLost: boolean): string | undefined {
  const { objects, first, lastRunnerLine } = reading;
  const runners = [...reading.runners.values()];
  if (hasLost) return 'lines are cut before they name their runner; give the log with whole lines';
  const waiting = withoutPod(reading);
  if (waitsOf(reading).length > 0) {
    return waiting.length === 0 ? undefined : `${waitingText(reading, waiting)}; give more of the controller's log`;
  }
  const made = runners.filter(({ milestones }) => milestones.has('podCreated')).length;
  if (made > 0) {
    const [life, wait] =
      made === 1 ? ["its runner's life", 'its wait is'] : ["their runners' lives", 'their waits are'];
    return `${count(made, 'pod')} made; the log begins in the middle of ${life}, so ${wait} unknown; give the log from before`;
  }
  if (objects.count > 0 && first === undefined) {
    const [quota] = objects.quotas;
    if (quota !== undefined && objects.runners.length + objects.pods.size === 0)
      return `${quotaText(quota.object)}; give kubectl get ephemeralrunners,pods -o yaml, or the controller's log`;
    const what =
      objects.runners.length > 0
        ? `${count(objects.runners.length, 'runner')} without a pod`
        : objects.pods.size > 0
          ? `${count(objects.pods.size, 'pod')} and no runner`
          : 'no runner and no pod';
    return `${what}; give kubectl get ephemeralrunners,pods -o yaml, or the controller's log`;
  }
  if (lastRunnerLine === undefined && reading.stranger !== undefined) {
    return `${reading.stranger}; give the log of ARC's controller, gha-rs-controller`;
  }
  if (lastRunnerLine === undefined && reading.isController) {
    return `no runner was made in this part of the controller's log${wantedText(reading)}; give one from when runners were wanted`;
  }
  if (lastRunnerLine === undefined) {
    return "no line is one of the controller's about a runner; give the controller's log";
  }
  return `no line is about a pod of ${count(runners.length, 'runner')} in ${spanText(reading, overUs(reading))}; give more of the controller's log`;
}

/** ` (set lab wanted 0)` */
function wantedText({ sets }: Reading): string {
  const wanted = [...sets.values()].flatMap(({ name, desired }) => (desired === undefined ? [] : [{ name, desired }]));
  return wanted.length === 0
    ? ''
    : ` (${wanted
        .slice(0, 3)
        .map(({ name, desired }) => `set ${name} wanted ${desired}`)
        .join(', ')})`;
}

/** `62 of 100 runners have no pod when the log ends`, and where pods still come how long the others need. */
function waitingText(reading: Reading, waiting: readonly RunnerHistory[]): string {
  const without = new Set(waiting);
  const all = [...reading.runners.values()].filter(
    (runner) => runner.milestones.has('podCreated') || without.has(runner),
  );
  const unfinished = burstsOf(reading).find((burst) => burst.waiting.length > 0);
  const pace = unfinished === undefined ? undefined : stillToCome(unfinished);
  return [
    `${waiting.length.toLocaleString('en')} of ${count(all.length, 'runner')} ${waiting.length === 1 ? 'has' : 'have'} no pod when the log ends`,
    ...(pace === undefined ? [] : [pace]),
  ].join('; ');
}

/** `quota a lets 1 pod exist: with 1 used, 1 more requested is refused` */
function quotaText({ metadata, spec, status }: Quota): string {
  const pods = Number(spec?.hard?.['pods'] ?? spec?.hard?.['count/pods']);
  const name = `quota ${metadata.name} of namespace ${metadata.namespace ?? 'default'}`;
  if (Number.isNaN(pods)) return `${name} does not limit pods, and no runner is here`;
  const used = Number(status?.used?.['pods'] ?? pods);
  const isFull = used >= pods;
  return `${name} ${isFull ? 'refuses' : 'lets pass'} the next pod ${isFull ? 'once' : 'while'} ${used} ${used === 1 ? 'is' : 'are'} there (${isFull ? 'exceeded quota: ' : ''}used ${used} + requested 1 ${isFull ? '>' : '≤'} ${pods})`;
}

interface Wait {
  readonly from: Seen;
  readonly pod: Seen;
  /** Whether the log tells when the runner was created. */
  readonly isCreated: boolean;
}

/** From creation, or first line, to the pod; of runners that may have begun before the log it is not known. */
function waitsOf(reading: Reading): Wait[] {
  return burstsOf(reading)
    .flatMap(({ runners, isCut }) => runners.filter(({ milestones }) => !isCut || milestones.has('created')))
    .flatMap((runner) => {
      const pod = runner.milestones.get('podCreated');
      return pod === undefined ? [] : [{ from: wayStart(runner), pod, isCreated: runner.milestones.has('created') }];
    });
}

function overUs({ first, last }: Reading): number {
  return first === undefined || last === undefined ? 0 : last.at.us - first.at.us;
}

function healthy(reading: Reading): string {
  const runners = [...reading.runners.values()];
  const waits = waitsOf(reading);
  const made = runners.filter(({ milestones }) => milestones.has('podCreated')).length;
  const unknown = made - waits.length;
  return [
    `Nothing wrong found in ${count(runners.length, 'runner')} over ${spanText(reading, overUs(reading))}: pods ${range(waits)}`,
    ...(unknown === 0 ? [] : [`${count(unknown, 'wait')} unknown because the log begins later`]),
    count(timesOf(runners, 'pod failed'), 'failure'),
    `${count(timesOf(runners, 'error'), 'failed pass', 'failed passes')}.`,
  ].join(', ');
}

/** `within 2 s of their runner` where the clock shows no more; `1.49 s after their runner`, or the runner's first line. */
function range(waits: readonly Wait[]): string {
  let [least, most, offUs] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const { from, pod } of waits) {
    least = Math.min(least, pod.at.us - from.at.us - from.at.withinUs - 1);
    most = Math.max(most, pod.at.us + pod.at.withinUs - from.at.us);
    offUs = Math.max(offUs, from.at.withinUs, pod.at.withinUs);
  }
  const isCoarse = offUs >= COARSE_US;
  const text = (us: number): string => (isCoarse || us >= 120e6 ? formatAge(us) : formatDuration(us));
  const [from, to] = [text(isCoarse ? least : least + 1), text(isCoarse ? most + 1 : most)];
  const what = waits.every(({ isCreated }) => isCreated) ? 'their runner' : "their runner's first line";
  if (isCoarse && least <= 0) return `within ${to} of ${what}`;
  return `${from === to ? from : `${from} to ${to}`} after ${what}`;
}

function timesOf(runners: readonly RunnerHistory[], note: Note): number {
  return runners.reduce((sum, runner) => sum + (runner.notes.get(note)?.count ?? 0), 0);
}

import { t } from '@vscode/l10n';
import { scaleSetDeletedUs } from '../analysis/deleted-scale-set.ts';
import type { ScaleSetFigures } from '../analysis/scale-set-figures.ts';
import { runnersText, thousands } from '../base/count-words.ts';
import { formatAge, formatDuration } from '../base/duration.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { refusedSentences } from './refused-words.ts';
import { remadeSetsText } from './remade-sets.ts';
import { reasonText } from './run-troubles.ts';
import { podFailures, type PodFailures } from '../run/pod-failures.ts';
import { unstartedPods, type UnstartedPods } from '../run/unstarted-pods.ts';

/**
 * Why jobs of a scale set are not done, in sentences: what happened to them, why, since when, and what to do. None where all
 * are. Times are counted from when the first job was queued, or before that from the scale set's making.
 * @param nowUs until when the trace tells what happened, in its microseconds
 */
export function undoneJobsSentences(
  log: TraceLog,
  figures: ScaleSetFigures,
  maxRunners: number,
  nowUs: number,
): readonly string[] {
  const { jobs } = figures;
  const fromUs = jobs[0]?.queuedUs ?? log.originUs;
  const refused = refusedSentences(log, fromUs, jobs.length > 0);
  if (jobs.length === 0) return [noJobText(log), ...refused].filter((text) => text !== '');
  const lost = jobs.filter(({ lostUs }) => lostUs !== undefined);
  const left = jobs.filter(({ lostUs, completedUs }) => lostUs === undefined && completedUs === undefined);
  if (lost.length + left.length === 0) return [];
  const waiting = left.filter(({ startedUs }) => startedUs === undefined);
  const running = left.length - waiting.length;
  const failures = podFailures(log, reasonText);
  return [
    ...(lost.length === 0 ? [] : [lostText(lost, failures, fromUs)]),
    ...(waiting.length === 0 || maxRunners === 0
      ? []
      : [
          waitingText(
            log,
            { waiting: waiting.length, isFull: running >= maxRunners, fromUs, nowUs },
            figures,
            failures,
          ),
        ]),
    ...(running === 0 ? [] : [runningText(log, running, fromUs)]),
    ...refused,
  ];
}

function noJobText({ header: { settings } }: TraceLog): string {
  return settings['pods'] === 'none'
    ? t(
        'With the preset none no pod runs, not even that of the listener, and jobs come when a listener has run. Choose another preset: no-capacity leaves only the pods of runners pending.',
      )
    : '';
}

function lostText(lost: ScaleSetFigures['jobs'], failures: PodFailures | undefined, fromUs: number): string {
  const first = lost.reduce((a, b) => ((a.lostUs ?? 0) <= (b.lostUs ?? 0) ? a : b));
  const givenUp = formatDuration(Math.round((first.lostUs ?? 0) - (first.startedUs ?? first.queuedUs)));
  const what = lost.length === 1 ? t('1 job was lost') : t('{0} jobs were lost', thousands(lost.length));
  const why =
    failures === undefined
      ? t('their runners were gone before they were done')
      : t(
          'pods of their runners failed ({0}), the first {1} after the first job was queued',
          failures.reasons,
          formatDuration(Math.max(0, Math.round(failures.firstUs - fromUs))),
        );
  return t(
    '{0}: {1}. GitHub gave the first one up {2} after it had started; no other runner gets it. Mend what ends the runners, then run the jobs again.',
    ...[what, why, givenUp],
  );
}

interface Waiting {
  readonly waiting: number;
  /** As many jobs run as there may be runners. */
  readonly isFull: boolean;
  readonly fromUs: number;
  readonly nowUs: number;
}

function waitingText(
  log: TraceLog,
  { waiting, isFull, fromUs, nowUs }: Waiting,
  { runners, decisions, jobs: all }: ScaleSetFigures,
  failures: PodFailures | undefined,
): string {
  const jobs = waiting === 1 ? t('1 job has not started') : t('{0} jobs have not started', thousands(waiting));
  const after = (us: number): string => formatDuration(Math.max(0, Math.round(us - fromUs)));
  const count = runners.created?.length ?? 0;
  const made = count === 1 ? t('1 runner was made') : t('{0} were made', runnersText(thousands(count)));
  const deletedUs = scaleSetDeletedUs(log);
  if (deletedUs !== undefined) return deletedText(log, jobs, after(deletedUs));
  const unstarted = unstartedPods(log, nowUs);
  if (unstarted !== undefined && unstarted.runners > (failures?.runners ?? 0)) {
    return unstartedText(jobs, unstarted, nowUs);
  }
  if (failures !== undefined) {
    return t(
      '{0}: {1}, and pods of {2} failed ({3}) before they got a job, the first {4} after the first job was queued. {5}',
      ...[jobs, made, runnersText(thousands(failures.runners)), failures.reasons, after(failures.firstUs)],
      failures.isOutdated
        ? outdatedText(log, after)
        : t('Look at the log of such a pod: mend the image or the command of the runners.'),
    );
  }
  if (decisions.length === 0) return t('{0}: the listener has asked for no runner.', jobs);
  if (count === 0) return t('{0}: the listener has asked for runners, and none was made.', jobs);
  if ((runners.pod?.length ?? 0) === 0) return t('{0}: none of {1} has got a pod.', jobs, runnersText(count));
  const [firstGoneUs] = runners.deleted ?? [];
  if (all.every(({ startedUs }) => startedUs === undefined) && firstGoneUs !== undefined) {
    return t(
      '{0}: {1}, and the runners ended by themselves before they got a job; the first was gone {2} after the first job was queued. Look at the log of such a pod, and at GitHub whether it knows the runner.',
      ...[jobs, made, after(firstGoneUs)],
    );
  }
  const when = t('{0} by the end of the run, {1} after the first was queued', jobs, after(log.endedUs ?? fromUs));
  return isFull ? t('{0}: as many jobs still ran as the maximum has runners.', when) : `${when}.`;
}

function deletedText({ header: { release = 'ARC', settings } }: TraceLog, jobs: string, after: string): string {
  const from = settings['upgradeFrom'];
  return typeof from === 'string'
    ? t(
        '{0}: {1} deleted the scale set {2} after the first job was queued, as its label app.kubernetes.io/version is still that of {3}; without it no listener asks for jobs.',
        ...[jobs, release, after, from],
      )
    : t(
        '{0}: {1} deleted the scale set {2} after the first job was queued; without it no listener asks for jobs.',
        ...[jobs, release, after],
      );
}

/** Of pods that never ran: why, for how long, what ARC does about it and what to do. */
function unstartedText(jobs: string, { runners, reasons, problem, sinceUs }: UnstartedPods, nowUs: number): string {
  const what =
    runners === 1
      ? t('{0}: the pod of 1 runner does not start ({1})', jobs, reasons)
      : t('{0}: pods of {1} do not start ({2})', jobs, runnersText(thousands(runners)), reasons);
  const { next, advice } = problem;
  if (sinceUs === undefined) return `${what}. ${next} ${advice}`;
  const age = formatAge(nowUs - sinceUs);
  return runners === 1
    ? t('{0}, for {1}. {2} {3}', ...[what, age, next, advice])
    : t('{0}, the first for {1}. {2} {3}', ...[what, age, next, advice]);
}

/** Since pull request 4404 a release ends a scale set whose runners are too old; the phase says so. */
function outdatedText(log: TraceLog, after: (us: number) => string): string {
  const { objects, words } = log.rows;
  for (let row = 0; row < objects.object.length; row++) {
    if (words.textOf(objects.kind.get(row)) !== 'AutoscalingRunnerSet') continue;
    if (words.textOf(objects.phase.get(row)) !== 'Outdated') continue;
    return t(
      'GitHub no longer takes runners of this version, so {0} shut the scale set down {1} after the first job was queued: no job starts until it is changed. Set a newer image of the runner.',
      ...[log.header.release ?? 'ARC', after(objects.span.startedUs(row))],
    );
  }
  const remade = remadeSetsText(log);
  return remade === ''
    ? t('GitHub no longer takes runners of this version: set a newer image of the runner.')
    : `${t('GitHub no longer takes runners of this version.')} ${remade}`;
}

function runningText(log: TraceLog, count: number, fromUs: number): string {
  const after = formatDuration(Math.max(0, Math.round((log.endedUs ?? fromUs) - fromUs)));
  return count === 1
    ? t('1 job still ran when the run ended, {0} after the first was queued.', after)
    : t('{0} jobs still ran when the run ended, {1} after the first was queued.', thousands(count), after);
}

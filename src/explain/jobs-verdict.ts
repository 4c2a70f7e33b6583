import { t } from '@vscode/l10n';
import { jobFigures, type JobFigures } from '../analysis/job-figures.ts';
import { statisticsOf } from '../analysis/statistics.ts';
import { inWords } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { SWITCHES, type Switch } from '../reconciler/releases/switches.ts';
import { undoneReason } from '../run/undone-reason.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { isRealDifference } from './real-difference.ts';
import { describedSentences } from './release-words.ts';

/** More pull requests than these are two releases, which are not named one by one. */
const MOST_SWITCHED = 3;

/** A run of a scale set that has jobs to do. */
export interface JobsRun {
  /** What tells it from the others: its mode. */
  readonly name: string;
  readonly trace: TraceLog;
}

/** Whether a run's runners come when jobs do. */
export function hasJobs({ header }: Pick<TraceLog, 'header'>): boolean {
  return header.settings['scaleSet'] !== undefined;
}

/**
 * What runs did for the jobs of their scale sets, in a few sentences.
 * @param baseline name of the run that the others are compared with; the first without it
 */
export function jobsVerdict(runs: readonly JobsRun[], baseline?: string): string {
  const described = describedSentences(runs.flatMap(({ trace }) => trace.header.release ?? []));
  return [figuresText(runs, baseline), ...described].join(' ').trim();
}

function figuresText(runs: readonly JobsRun[], baseline: string | undefined): string {
  const judged = runs.map(({ name, trace }) => ({ name, trace, ...jobFigures(trace) }));
  const first = judged.find(({ name }) => name === baseline) ?? judged[0];
  const others = judged.filter((one) => one !== first);
  if (first === undefined) return '';
  if (others.length === 0) return `${doneText(first)} ${waitText(first)}`.trim();
  const areDone = judged.every(({ done, jobs }) => jobs > 0 && done === jobs);
  const same = others.filter((one) => isSame(one, first));
  const sameTexts = same.map((one) => sameText(one, first));
  if (!areDone) return [...judged.map(undoneText), ...sameTexts].join(' ');
  return [...others.filter((one) => !same.includes(one)).map((one) => comparedText(one, first)), ...sameTexts].join(
    ' ',
  );
}

/** How many of a run's jobs are done. */
export function doneText({ jobs, done }: Pick<JobFigures, 'jobs' | 'done'>): string {
  if (jobs === 0) return t('No job has come yet.');
  if (jobs === 1) return done === 1 ? t('The job is done.') : t('The job is not done.');
  if (done < jobs) return t('{0} of {1} jobs are done.', done, jobs);
  return jobs === 2 ? t('Both jobs are done.') : t('All {0} jobs are done.', jobs);
}

/** How long jobs waited until a runner had them. */
export function waitText({ waitsUs: { median, longest } }: JobFigures): string {
  if (median === undefined || longest === undefined) return '';
  return t('The median job waited {0} to start, the longest {1}.', formatDuration(median), formatDuration(longest));
}

type Judged = JobFigures & JobsRun;

/** `0.14.0: 0 of 3 jobs are done: its listener acquires no jobs.` */
function undoneText(one: Judged): string {
  const reason = undoneReason(one.trace);
  const text = `${one.name}: ${doneText(one)}`;
  return reason === undefined ? text : text.replace(/\.$/, `: ${reason}.`);
}

/** Whether two runs did the same, in all that is counted, though a few pull requests were switched between them. */
function isSame(one: Judged, other: Judged): boolean {
  const switched = switchedBetween(one, other).length;
  if (one.jobs === 0 || switched === 0 || switched > MOST_SWITCHED) return false;
  const [own, others] = [one, other].map(({ trace, jobs, done, waitsUs, lastDoneUs, mostRunners }) => {
    const { results, kubernetesRequests, actionsRequests, pods } = statisticsOf(trace, 0);
    const counts = { passes: trace.passCount, results, kubernetesRequests, actionsRequests, pods };
    return JSON.stringify({ jobs, done, waitsUs, lastDoneUs, mostRunners, counts });
  });
  return own === others;
}

function sameText(one: Judged, other: Judged): string {
  const switched = switchedBetween(one, other);
  const gists = inWords(switched.map((number) => `#${number} (${SWITCHES[number]})`));
  return switched.length === 1
    ? t(
        '{0} makes no difference here: what it is about does not happen in these runs, or not so that it matters.',
        gists,
      )
    : t(
        '{0} make no difference here: what they are about does not happen in these runs, or not so that it matters.',
        gists,
      );
}

function switchedBetween(one: JobsRun, other: JobsRun): readonly Switch[] {
  const [own, others] = [one, other].map(({ trace }) => RELEASES.find(trace.header.release ?? '')?.switches);
  if (own === undefined || others === undefined) return [];
  return [...[...own].filter((each) => !others.has(each)), ...[...others].filter((each) => !own.has(each))];
}

function comparedText(one: Judged, first: Judged): string {
  const change = (us = 0, before = 0): string => `${formatDuration(before)} → ${formatDuration(us)}`;
  const how = (us = 0, before = 0): string =>
    us === before
      ? t('at the same time as in {0}', first.name)
      : !isRealDifference(us, before)
        ? t('at about the same time as in {0}', first.name)
        : us < before
          ? t('{0} sooner than in {1}', formatDuration(before - us), first.name)
          : t('{0} later than in {1}', formatDuration(us - before), first.name);
  const howLast = (us = 0, before = 0): string =>
    us === before
      ? t('at the same time')
      : !isRealDifference(us, before)
        ? t('at about the same time')
        : us < before
          ? t('{0} sooner', formatDuration(before - us))
          : t('{0} later', formatDuration(us - before));
  const { median } = one.waitsUs;
  return t(
    'In {0} the median job started {1} ({2}), and the last one was done {3} ({4}).',
    one.name,
    how(median, first.waitsUs.median),
    change(median, first.waitsUs.median),
    howLast(one.lastDoneUs, first.lastDoneUs),
    change(one.lastDoneUs, first.lastDoneUs),
  );
}

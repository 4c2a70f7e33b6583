import { t } from '@vscode/l10n';
import type { MilestoneName } from '../analysis/milestones.ts';
import { jobFigures } from '../analysis/job-figures.ts';
import { scaleSetFigures, type JobTimes, type ScaleSetFigures } from '../analysis/scale-set-figures.ts';
import { runnersText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { doneText, waitText as waitWords } from '../explain/jobs-verdict.ts';
import { jobSentences } from '../explain/job-sentences.ts';
import { listenerSentences } from '../explain/listener-events.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { jobsText as loadText, type ScaleSetLoad } from '../run/job-load.ts';
import type { PastUpgrade } from '../run/run-target.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { textTable } from './table.ts';

/** The stages of a job, in order. */
const OF_RUNNERS: readonly (readonly [MilestoneName, () => string])[] = [
  ['created', () => t('runner created')],
  ['registered', () => t('registered')],
  ['pod', () => t('pod created')],
  ['running', () => t('runner runs')],
];

/** What a scale set is asked for, in a few words. */
export function scaleSetWords({ jobs, minRunners, maxRunners }: ScaleSetLoad): string {
  const isOne = jobs.kind === 'times' && jobs.atUs.length === 1;
  const areAtTimes = jobs.kind === 'times' && jobs.atUs.some((us) => us > 0);
  const load = isOne ? t('1 job') : areAtTimes ? t('{0} jobs', jobs.atUs.length) : t('jobs: {0}', loadText(jobs));
  return maxRunners === NO_MAXIMUM
    ? t('{0} for a scale set with at least {1} without a maximum', load, runnersText(minRunners))
    : t('{0} for a scale set with at least {1} and at most {2}', load, minRunners, runnersText(maxRunners));
}

/** Which release a scale set has first, where another one takes over. */
export function upgradeWords({ from, afterUs }: PastUpgrade): string {
  return afterUs === 0
    ? t('{0} until the takeover, at once', from)
    : t('{0} for the first {1}', from, formatDuration(afterUs));
}

/**
 * What a scale set did for its jobs: a sentence or two, a table of what happened when, what was done to its listener, and why
 * jobs are not done.
 * @param maxRunners how many runners it may have
 */
export function scaleSetText(log: TraceLog, maxRunners: number): string {
  const figures = scaleSetFigures(log);
  const { jobs } = figures;
  const first = jobs[0];
  const events = [...listenerSentences(log, first?.queuedUs), ...jobSentences(log, log.endedUs, figures)];
  if (first === undefined) return [startText(figures), t('No job has come.'), ...events].join('\n');
  const done = jobs.filter(({ completedUs }) => completedUs !== undefined).length;
  const lines = [
    startText(figures),
    doneText({ done, jobs: jobs.length }),
    '',
    tableOf(log, figures, first.queuedUs, maxRunners),
    ...(events.length === 0 ? [] : ['', ...events]),
  ];
  return lines.filter((line, index) => line !== '' || index > 1).join('\n');
}

function startText({ madeUs, listenerUs }: ScaleSetFigures): string {
  if (madeUs === undefined || listenerUs === undefined) return t('No listener has run.');
  return t('The listener ran {0} after the AutoscalingRunnerSet was made.', formatDuration(listenerUs - madeUs));
}

/** Times are counted from when the first job was queued. */
function tableOf(
  log: TraceLog,
  { jobs, decisions, runners, mostRunners }: ScaleSetFigures,
  fromUs: number,
  maxRunners: number,
): string {
  const times = (of: (job: JobTimes) => number | undefined): number[] =>
    jobs.flatMap((job) => of(job) ?? []).sort((a, b) => a - b);
  const since = decisions.filter(({ atUs }) => atUs >= fromUs);
  const rows = [
    row(
      t('job queued'),
      times(({ queuedUs }) => queuedUs),
      fromUs,
    ),
    row(
      t('number of runners wanted changes'),
      since.map(({ atUs }) => atUs),
      fromUs,
    ),
    ...OF_RUNNERS.map(([name, words]) => row(words(), runners[name] ?? [], fromUs)),
    row(
      t('job started'),
      times(({ startedUs }) => startedUs),
      fromUs,
    ),
    row(
      t('job completed'),
      times(({ completedUs }) => completedUs),
      fromUs,
    ),
    row(t('runner gone'), runners.deleted ?? [], fromUs),
  ];
  const table = textTable([t('after the first job was queued'), t('times'), t('first'), t('median'), t('last')], rows);
  return `${table}\n\n${waitText(log, maxRunners)} ${mostText(mostRunners)}`;
}

function row(what: string, atUs: readonly number[], fromUs: number): string[] {
  const text = (us: number | undefined): string => (us === undefined ? '–' : formatDuration(Math.max(0, us - fromUs)));
  return [what, String(atUs.length), text(atUs[0]), text(atUs[Math.ceil(atUs.length / 2) - 1]), text(atUs.at(-1))];
}

/** A runner that is being removed is still there, and not one of those that the maximum is about. */
function mostText(mostRunners: number): string {
  return t('At most {0} at a time, those being removed included.', runnersText(mostRunners));
}

function waitText(log: TraceLog, maxRunners: number): string {
  const text = waitWords(jobFigures(log));
  if (text !== '') return text;
  return maxRunners === 0 ? t('No job has started: the maximum is 0 runners.') : t('No job has started.');
}

import { t } from '@vscode/l10n';
import { jobFigures } from '../analysis/job-figures.ts';
import { formatDuration } from '../base/duration.ts';
import { jobSentences } from '../explain/job-sentences.ts';
import { jobsVerdict } from '../explain/jobs-verdict.ts';
import { listenerSentences } from '../explain/listener-events.ts';
import type { FinishedRun } from '../run/embedded-run.ts';
import { endText } from '../run/run-end.ts';
import { textGantt } from './gantt-text.ts';
import { textTable } from './table.ts';

const ROWS = 12;

/**
 * What scale sets did for the same jobs, one beside the other.
 * @param baseline mode that the others are compared with
 * @param takenOver what happened to an earlier release's objects, where there was one
 */
export function compareJobsText(
  runs: readonly FinishedRun[],
  width: number,
  baseline: string,
  takenOver: (run: FinishedRun) => string | undefined,
): string {
  const ends = runs.flatMap((run) => {
    const { mode } = run.settings;
    const { trace } = run;
    const events = [...listenerSentences(trace), ...jobSentences(trace)];
    return [takenOver(run) ?? '', events.join('\n'), endText(run.end)].map((text) => ({ text, mode }));
  });
  return [
    jobsVerdict(
      runs.map(({ settings, trace }) => ({ name: settings.mode, trace })),
      baseline,
    ),
    '',
    jobsTable(runs),
    t('Most runners: at a time; those that are being removed count until they are gone.'),
    ...ends.flatMap(({ text, mode }) => (text === '' ? [] : ['', `${mode}: ${text}`])),
    '',
    ...runs.map((run) => textGantt(run, width, ROWS)),
  ].join('\n');
}

function jobsTable(runs: readonly FinishedRun[]): string {
  const time = (us: number | undefined): string => (us === undefined ? '–' : formatDuration(us));
  const rows = runs.map(({ settings, trace }) => {
    const { jobs, done, waitsUs, lastDoneUs, mostRunners } = jobFigures(trace);
    const waits = [waitsUs.shortest, waitsUs.median, waitsUs.longest].map(time);
    return [settings.mode, t('{0} of {1}', done, jobs), ...waits, time(lastDoneUs), String(mostRunners)];
  });
  const waits = [t('shortest wait'), t('median wait'), t('longest wait')];
  return textTable([t('mode'), t('jobs done'), ...waits, t('last job done'), t('most runners')], rows);
}

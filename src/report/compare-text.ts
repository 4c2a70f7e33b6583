import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { FinishedRun } from '../run/embedded-run.ts';
import { cutOffText, noPodText } from '../run/run-end.ts';
import { judgedRun, verdict } from '../explain/verdict.ts';
import { stepsOf, type Step } from '../analysis/steps.ts';
import { FIGURES, figureText, podTimesNote } from './figures.ts';
import { textGantt } from './gantt-text.ts';
import { textTable } from './table.ts';

/** The order of registrations and pods, mode beside mode: the picture of pull request 3831, as measured. */
export function milestoneText(runs: readonly FinishedRun[]): string {
  const columns = runs.map((run) => stepsOf(run.trace).filter(({ made }) => made !== 'secret'));
  const steps = Math.max(...columns.map(({ length }) => length));
  const header = ['step', ...runs.map((run) => run.settings.mode)];
  const after = (step: Step, run: number): string => formatDuration(step.atUs - (runs[run]?.originUs ?? 0));
  const widest = Math.max(...columns.flatMap((steps, run) => steps.map((step) => after(step, run).length)));
  const rows: string[][] = [];
  for (let step = 0; step < steps; step++) {
    const cells = columns.map((ofRun, run) => {
      const done = ofRun[step];
      if (done === undefined) return '';
      const { name } = splitKey(done.object);
      const what = done.made === 'pod' ? `◆ pod of ${name}` : `registered ${name}`;
      return `${after(done, run).padStart(widest)}  ${what}`;
    });
    rows.push([`t${step + 1}`, ...cells]);
  }
  return textTable(header, rows, 'words');
}

export function statisticsText(runs: readonly FinishedRun[]): string {
  return textTable(
    ['mode', ...FIGURES.map(({ title }) => title)],
    runs.map((run) => [run.statistics.mode, ...FIGURES.map((figure) => figureText(figure, run))]),
  );
}

/**
 * @param baseline mode that the others are compared with
 * @param why sentences that say why modes differ
 */
export function compareText(
  runs: readonly FinishedRun[],
  width: number,
  baseline?: string,
  why: readonly string[] = [],
): string {
  const note = podTimesNote(runs);
  const noPod = noPodText(runs);
  if (noPod !== '' && runs.every(({ statistics }) => statistics.passes === 0)) return `${noPod}\n`;
  const few = (runs[0]?.settings.runners ?? 0) <= 8;
  return [
    noPod === ''
      ? verdict(
          runs.map(({ trace, originUs }) => judgedRun(trace, originUs)),
          baseline,
        )
      : noPod,
    ...why,
    '',
    ...(few ? [milestoneText(runs), ''] : []),
    statisticsText(runs),
    ...(note === '' ? [] : [note]),
    ...runs.flatMap((run) => (run.end.kind === 'quiet' ? [] : ['', `${run.settings.mode}: ${cutOffText(run)}`])),
    '',
    ...runs.map((run) => textGantt(run, width, few ? Infinity : 12)),
  ].join('\n');
}

import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { FinishedRun } from '../run/embedded-run.ts';
import { endText } from '../run/run-end.ts';
import { judgedRun, verdict } from '../explain/verdict.ts';
import { milestonesOf } from '../analysis/statistics.ts';
import { FIGURES, figureText } from './figures.ts';
import { textGantt } from './gantt-text.ts';
import { textTable } from './table.ts';

/** The order of registrations and pods, mode beside mode: the picture of pull request 3831, as measured. */
export function milestoneText(runs: readonly FinishedRun[]): string {
  const columns = runs.map((run) => milestonesOf(run.trace, run.originUs));
  const steps = Math.max(...columns.map(({ length }) => length));
  const header = ['step', ...runs.map((run) => run.settings.mode)];
  const widest = Math.max(...columns.flat().map(({ atUs }) => formatDuration(atUs).length));
  const rows: string[][] = [];
  for (let step = 0; step < steps; step++) {
    const cells = columns.map((milestones) => {
      const milestone = milestones[step];
      if (milestone === undefined) return '';
      const { name } = splitKey(milestone.runner);
      const what = milestone.kind === 'pod' ? `◆ pod of ${name}` : `registered ${name}`;
      return `${formatDuration(milestone.atUs).padStart(widest)}  ${what}`;
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

/** @param baseline mode that the others are compared with */
export function compareText(runs: readonly FinishedRun[], width: number, baseline?: string): string {
  const few = (runs[0]?.settings.runners ?? 0) <= 8;
  return [
    verdict(
      runs.map(({ trace, originUs }) => judgedRun(trace, originUs)),
      baseline,
    ),
    '',
    ...(few ? [milestoneText(runs), ''] : []),
    statisticsText(runs),
    ...runs.flatMap(({ settings, end }) => (end.kind === 'quiet' ? [] : ['', `${settings.mode}: ${endText(end)}`])),
    '',
    ...runs.map((run) => textGantt(run, width, few ? Infinity : 12)),
  ].join('\n');
}

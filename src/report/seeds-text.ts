import { t } from '@vscode/l10n';
import { ratioOf } from '../analysis/ratio.ts';
import { spreadOf, type Spread } from '../analysis/spread.ts';
import type { RunStatistics } from '../analysis/statistics.ts';
import { formatDuration } from '../base/duration.ts';
import { PASSES, POD_TIMES, type Figure } from './figures.ts';
import { pText, ratioText, spreadText } from './spread-text.ts';
import { textTable } from './table.ts';

/** Runs of one setting that differ in their seeds alone. */
export interface Replications {
  readonly mode: string;
  readonly runs: readonly { readonly statistics: RunStatistics }[];
}

const FIGURES = [...POD_TIMES, PASSES];

/** The median of the seeds and the band of a figure, `53.4 s (52.1 s – 54.2 s)`; of one seed its value. */
export function seedsFigure(figure: Figure, runs: Replications['runs']): string {
  return spreadText(spreadIn(figure, runs), (value) => valueText(figure, value));
}

/** The run whose last pod is in the middle of those of all seeds: it stands for them in a sentence. */
export function middleRun<Run extends Replications['runs'][number]>(runs: readonly Run[]): Run {
  const lastUs = ({ statistics }: Run): number => statistics.lastPodUs ?? Infinity;
  const sorted = [...runs].sort((a, b) => lastUs(a) - lastUs(b));
  return sorted[(sorted.length - 1) >> 1] as Run;
}

/** Modes side by side over their seeds, with how likely seeds alone make the difference from the first. */
export function seedsTable(all: readonly Replications[], baseline: string): string {
  const base = all.find(({ mode }) => mode === baseline) ?? all[0];
  const rows = all.map(({ mode, runs }) => {
    const ratio = base === undefined || base.mode === mode ? undefined : ratioOf(lastPods(base.runs), lastPods(runs));
    const change = ratio === undefined ? '–' : `× ${ratioText(ratio)}, p ${pText(ratio.p)}`;
    return [mode, ...FIGURES.map((figure) => seedsFigure(figure, runs)), change];
  });
  const title = t(
    '{0} seeds: the median, where a run with another seed lies 19 times of 20, and what changes.',
    base?.runs.length ?? 0,
  );
  return `${title}\n\n${textTable([t('mode'), ...FIGURES.map((figure) => figure.title), t('last pod against {0}', base?.mode ?? '')], rows)}`;
}

/** The spreads of all figures, by title; a program's form of seedsFigure(). */
export function spreadsOf(runs: Replications['runs']): Readonly<Record<string, Spread>> {
  return Object.fromEntries(
    FIGURES.flatMap((figure) => {
      const spread = spreadIn(figure, runs);
      return spread === undefined ? [] : [[figure.title, spread] as const];
    }),
  );
}

function spreadIn(figure: Figure, runs: Replications['runs']): Spread | undefined {
  const values = runs.flatMap((run) => figure.of(run) ?? []);
  return values.length < runs.length || values.length === 0 ? undefined : spreadOf(values);
}

function lastPods(runs: Replications['runs']): number[] {
  return runs.map(({ statistics }) => statistics.lastPodUs ?? Infinity);
}

function valueText({ isTime }: Figure, value: number): string {
  if (value === Infinity) return t('never');
  return isTime ? formatDuration(Math.round(value)) : String(Math.round(value));
}

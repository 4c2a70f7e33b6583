import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { RunStatistics } from '../analysis/statistics.ts';
import type { RunEnd } from '../run/run-end.ts';

/** What figures are taken from. */
interface MeasuredRun {
  readonly statistics: RunStatistics;
  /** How the run ended, where that is known. */
  readonly end?: RunEnd;
}

/** A figure of a run, as every table shows it. */
export interface Figure {
  readonly title: string;
  /** Whether it is microseconds after the first runner's creation; a count otherwise. */
  readonly isTime: boolean;
  /** null where the run has none, Infinity where it never comes. */
  readonly of: (run: MeasuredRun) => number | null;
}

const count = (title: string, of: (statistics: RunStatistics) => number): Figure => ({
  title,
  isTime: false,
  of: ({ statistics }) => of(statistics),
});

const time = (title: string, of: (statistics: RunStatistics) => number | null): Figure => ({
  title,
  isTime: true,
  of: ({ statistics }) => of(statistics),
});

/** When pods were made, and when they ran. */
export const POD_TIMES: readonly Figure[] = [
  time('first pod', ({ firstPodUs }) => firstPodUs),
  time('p50', ({ p50PodUs }) => p50PodUs),
  time('p95', ({ p95PodUs }) => p95PodUs),
  time('last pod', ({ lastPodUs }) => lastPodUs),
  time('last started', ({ lastStartedUs }) => lastStartedUs),
  time('last ready', ({ lastReadyUs }) => lastReadyUs),
];

/** Whose times the pods' are, for below a table of runs that made pods again; empty where each runner had one. */
export function podTimesNote(runs: readonly MeasuredRun[]): string {
  const isAgain = runs.some(({ statistics: { pods, runnersWithPod } }) => pods > runnersWithPod);
  return isAgain ? t('Times of pods are those of each runner’s first pod.') : '';
}

export const PASSES = count('passes', ({ passes }) => passes);

const LAST_PASS: Figure = {
  title: 'last pass',
  isTime: true,
  of: ({ statistics, end }) =>
    end === undefined || end.kind === 'quiet' ? statistics.makespanUs : end.kind === 'not-quiet' ? Infinity : null,
};

/** All that one run is compared with another by. */
export const FIGURES: readonly Figure[] = [
  count('pods', ({ pods }) => pods),
  ...POD_TIMES,
  PASSES,
  count('K8s requests', ({ kubernetesRequests }) => kubernetesRequests),
  count('Actions calls', ({ actionsRequests }) => actionsRequests),
  LAST_PASS,
];

export function figureText({ of, isTime }: Figure, run: MeasuredRun): string {
  const value = of(run);
  if (value === null) return '–';
  if (value === Infinity) return 'never';
  return isTime ? formatDuration(value) : String(value);
}

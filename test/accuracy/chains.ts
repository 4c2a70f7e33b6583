import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import {
  loadChainRecordings,
  type ChainRun,
  type DriverStep,
  type RecordedChainRun,
} from '../conformance/chain-recording.ts';
import { ChainWorld } from '../conformance/chain-world.ts';
import { middle } from '../conformance/played-burst.ts';

const SEEDS = [1, 2, 3];
const JOBS_COME = /^\d+ jobs queued/;
/** What begins the end of runners, where the jobs do not end by themselves. */
const JOBS_END = /^all \d+ jobs end/;

export type ChainFigure = 'lastPod' | 'gone';
type Times = Readonly<Record<ChainFigure, number>>;

/**
 * A scale set with jobs as it was recorded, and our own. Times are milliseconds: from when the jobs were queued to the last
 * pod, and from then, or from when all jobs were ended together, until the secret of the last runner was deleted. Errors are
 * parts of the recorded time.
 */
export interface MeasuredChain {
  readonly release: string;
  readonly jobs: number;
  readonly scenario: string;
  /** How many runs were recorded; theirs is the middle one. */
  readonly runs: number;
  readonly recorded: Times;
  readonly ours: Times;
  readonly errors: Times;
}

/** Every recording in which jobs are queued, with each release that it has. */
export function measuredChains(): MeasuredChain[] {
  return loadChainRecordings().flatMap((recording) =>
    RELEASES.ids.flatMap((release) => {
      const runs = recording.modes[release]?.runs.filter(({ driver }) => stepOf(driver, JOBS_COME) !== undefined) ?? [];
      const [first] = runs;
      if (first === undefined) return [];
      const recorded = middles(runs.map((run) => timesOf(run, run)));
      const ours = middles(
        runs.flatMap((run) => SEEDS.map((seed) => timesOf(new ChainWorld(recording, release, seed).play(run), run))),
      );
      const jobs = Number.parseInt(stepOf(first.driver, JOBS_COME)?.do ?? '', 10);
      const errors = { lastPod: ours.lastPod / recorded.lastPod - 1, gone: ours.gone / recorded.gone - 1 };
      return [{ release, jobs, scenario: recording.scenario, runs: runs.length, recorded, ours, errors }];
    }),
  );
}

/** @param as the recorded run whose driver did the same */
function timesOf({ requests }: ChainRun, { driver }: RecordedChainRun): Times {
  const lastMs = (verb: string, resource: string): number =>
    Math.max(
      ...requests
        .filter(
          (one) => one.verb === verb && one.resource === resource && one.by === 'ephemeralrunner' && one.code < 300,
        )
        .map(({ tMs }) => tMs),
    );
  const comeMs = stepOf(driver, JOBS_COME)?.tMs ?? NaN;
  const endMs = stepOf(driver, JOBS_END)?.tMs ?? comeMs;
  return { lastPod: lastMs('create', 'pods') - comeMs, gone: lastMs('delete', 'secrets') - endMs };
}

function stepOf(driver: readonly DriverStep[], what: RegExp): DriverStep | undefined {
  return driver.find((step) => what.test(step.do));
}

function middles(all: readonly Times[]): Times {
  return { lastPod: middle(all.map(({ lastPod }) => lastPod)), gone: middle(all.map(({ gone }) => gone)) };
}

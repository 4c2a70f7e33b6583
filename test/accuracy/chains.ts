import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import {
  loadChainRecordings,
  type ChainRecording,
  type ChainRun,
  type DriverStep,
  type RecordedChainRun,
} from '../conformance/chain-recording.ts';
import { ChainWorld } from '../conformance/chain-world.ts';
import { meanGap, middle } from '../conformance/played-burst.ts';

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
  /** What a request took on their server, in microseconds: the middle one of the runs. */
  readonly apiLatencyUs: number;
  /** With a server of ours that is as slow. */
  readonly errorsAsSlow: Times;
}

/** Every recording in which jobs are queued, with each release that it has. */
export function measuredChains(): MeasuredChain[] {
  return loadChainRecordings().flatMap((recording) =>
    RELEASES.ids.flatMap((release) => {
      const runs = recording.modes[release]?.runs.filter(({ driver }) => stepOf(driver, JOBS_COME) !== undefined) ?? [];
      const [first] = runs;
      if (first === undefined) return [];
      const recorded = middles(runs.map((run) => timesOf(run, run)));
      const errorsOf = (times: Times): Times => ({
        lastPod: times.lastPod / recorded.lastPod - 1,
        gone: times.gone / recorded.gone - 1,
      });
      const speeds = runs.map((run) => speedOf(recording, release, run));
      const play = (latencyUs?: readonly number[]): Times =>
        middles(
          runs.flatMap((run, index) =>
            SEEDS.map((seed) => timesOf(new ChainWorld(recording, release, seed, latencyUs?.[index]).play(run), run)),
          ),
        );
      const ours = play();
      return [
        {
          ...{ release, scenario: recording.scenario, runs: runs.length, recorded, ours, errors: errorsOf(ours) },
          jobs: Number.parseInt(stepOf(first.driver, JOBS_COME)?.do ?? '', 10),
          apiLatencyUs: middle(speeds),
          errorsAsSlow: errorsOf(play(speeds)),
        },
      ];
    }),
  );
}

/**
 * What a request took on the server of a recording: from the gaps between requests before the jobs were queued, which are
 * no part of what is predicted, and the same gaps on ours.
 */
function speedOf(recording: ChainRecording, release: string, run: RecordedChainRun): number {
  const comeMs = stepOf(run.driver, JOBS_COME)?.tMs ?? NaN;
  const gapOf = ({ requests }: ChainRun): number =>
    meanGap(
      requests.map(({ tMs }) => tMs).sort((a, b) => a - b),
      0,
      comeMs,
    );
  const { apiLatencyUs } = DEFAULT_SETTINGS;
  return Math.round((apiLatencyUs * gapOf(run)) / gapOf(new ChainWorld(recording, release, 1).play(run)));
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

import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { countOf, expectedJobs, jobsText, parseLoad, type JobLoad } from '../run/job-load.ts';
import { parseTroubles } from '../run/listener-trouble.ts';
import type { Load } from '../run/run-target.ts';
import { horizonUs, type Values } from './options.ts';
import { UsageError } from './usage.ts';

/** Options of a scale set besides its jobs. */
export const OF_A_SCALE_SET = ['min', 'max', 'listener'];

const FILE = /\.(?:ya?ml|json)$|^-$|\//i;

/**
 * `--load` is `--jobs` where no file can be loaded, as in `--load 30`.
 * @throws UsageError where both are given, and where it is no number of jobs
 */
export function withLoadAsJobs(values: Values): Values {
  const { load, ...others } = values;
  if (typeof load !== 'string') return values;
  if (values['jobs'] !== undefined) throw new UsageError('--load and --jobs mean the same: give one of them');
  if (FILE.test(load) && !isLoad(load)) {
    throw new UsageError(
      `--load takes jobs here, as --jobs does, and no file: arc-lab serve --load ${load} starts a cluster with its objects`,
    );
  }
  jobLoad('load', load);
  return { ...others, jobs: load };
}

/**
 * @param needJobs options that mean something with `--jobs` alone
 * @param makeRunners options that make runners, which with `--jobs` a scale set does
 * @throws UsageError
 */
export function checkJobOptions(values: Values, needJobs: readonly string[], makeRunners: readonly string[]): void {
  const hasJobs = values['jobs'] !== undefined;
  const wrong = (hasJobs ? makeRunners : needJobs).find((option) => values[option] !== undefined);
  if (wrong === undefined) return;
  throw new UsageError(
    hasJobs
      ? `with --jobs a scale set makes the runners that its jobs need: leave out --${wrong}`
      : `--${wrong} is for a scale set with --jobs`,
  );
}

/** Whether `--jobs` takes it. */
export function isLoad(text: string): boolean {
  try {
    parseLoad(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param option what it was given with
 * @throws UsageError
 */
export function jobLoad(option: string, text: string): JobLoad {
  return read(option, text, parseLoad);
}

/**
 * The scale set that `--jobs` asks for.
 * @throws UsageError
 */
export function scaleSetOf(values: Values): Pick<Load, 'scaleSet'> {
  const { jobs } = values;
  if (typeof jobs !== 'string') return {};
  const [minRunners, maxRunners] = [runnersOf('min', values) ?? 0, runnersOf('max', values) ?? NO_MAXIMUM];
  if (maxRunners < minRunners) throw new UsageError(`--max ${maxRunners} is less than --min ${minRunners}`);
  const { listener } = values;
  return {
    scaleSet: {
      jobs: jobLoad('jobs', jobs),
      ...{ minRunners, maxRunners },
      ...(typeof listener === 'string' ? { listener: read('listener', listener, parseTroubles) } : {}),
    },
  };
}

/**
 * How many jobs come until the end.
 * @throws UsageError where there is no end, and there has to be one
 */
export function jobsOf(jobs: JobLoad, values: Values, mayLastForEver: boolean): number {
  const withinUs = horizonUs(values);
  if (mayLastForEver || Number.isFinite(countOf(jobs, withinUs))) return expectedJobs(jobs, withinUs);
  const rate = jobsText(jobs);
  throw new UsageError(
    `jobs that come for ever need an end: give --horizon, or a number of jobs or a time as "20 jobs, ${rate}" and "${rate} for 10m"`,
  );
}

function read<T>(option: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`--${option}: ${(error as Error).message}`);
  }
}

function runnersOf(option: string, values: Values): number | undefined {
  const given = values[option];
  if (typeof given !== 'string') return undefined;
  if (!/^\d{1,6}$/.test(given))
    throw new UsageError(`--${option} must be a number of runners, not ${JSON.stringify(given)}`);
  return Number(given);
}

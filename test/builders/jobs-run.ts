import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { simulate, type FinishedRun } from '../../src/run/embedded-run.ts';
import { parseLoad } from '../../src/run/job-load.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.ts';

/** A scale set whose runners fail is given others for ever. */
const HORIZON_US = 1800e6;

/** A scale set that does jobs in virtual time, with the flags that the release has without any given. */
export function jobsRun(mode: string, jobs: string, settings: Partial<RunSettings> = {}): FinishedRun {
  const release = RELEASES.find(mode);
  if (release === undefined) throw new Error(`no release is called ${mode}`);
  const { workers, qps, burst } = release.usual;
  const usual = { workers, qps, burst, podStartUs: 1_000_000, jobDurationUs: 10_000_000 };
  const scaleSet = { jobs: parseLoad(jobs), minRunners: 0, maxRunners: 1000 };
  return simulate({ ...DEFAULT_SETTINGS, mode, ...usual, ...settings }, { load: { scaleSet }, horizonUs: HORIZON_US });
}

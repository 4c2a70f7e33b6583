import { simulate } from '../../src/run/embedded-run.ts';
import { parseLoad, type ScaleSetLoad } from '../../src/run/job-load.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';

/** A scale set that does jobs of a second each on the embedded cluster, in virtual time. */
export function chainRun(mode: string, load: Partial<ScaleSetLoad> = {}): ReturnType<typeof simulate> {
  const scaleSet = { jobs: parseLoad('5'), minRunners: 0, maxRunners: 50, ...load };
  return simulate({ ...DEFAULT_SETTINGS, mode, jobDurationUs: 1_000_000 }, { load: { scaleSet } });
}

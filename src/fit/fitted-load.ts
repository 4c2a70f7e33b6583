import type { Explanation } from '../evidence/explain.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Load } from '../run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import type { Simulation } from './log-fit.ts';

/** What a run needs to do what a log's burst did. */
export interface FittedLoad {
  readonly settings: RunSettings;
  readonly load: Load;
  /** The release, by the version that the log shows where our own stands for it. */
  readonly named: string;
}

/** The settings with which a run of ours comes nearest to the log's burst. */
export function fittedLoad({ release }: Pick<Explanation, 'release'>, { fit }: Simulation): FittedLoad {
  const { run, search } = fit;
  const { seed } = DEFAULT_SETTINGS;
  const version = release?.text ?? '';
  const isKnown = RELEASES.ofVersion(version)?.id === run.settings.mode;
  return { settings: { ...run.settings, seed }, load: search.load, named: isKnown ? version : run.settings.mode };
}

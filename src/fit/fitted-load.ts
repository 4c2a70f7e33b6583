import type { Explanation } from '../evidence/explain.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { isKnown } from '../reconciler/releases/versions.ts';
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
  const { mode } = run.settings;
  // For a version that nobody knows here a release stands too, but none can be asked for by that name.
  const isNamed = isKnown(version, RELEASES.all) && RELEASES.ofVersion(version)?.id === mode;
  return { settings: { ...run.settings, seed }, load: search.load, named: isNamed ? version : mode };
}

import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { RunSettings } from './settings.ts';

/** How many of the workers that are asked for a release runs: the first ones have a single worker, and no flag for more. */
export function workersOf(mode: string, asked: number, releases: ReleaseList = RELEASES): number {
  return releases.get(mode).switches.has(3832) ? asked : 1;
}

/** The settings as their release runs them. */
export function fitting(settings: RunSettings, releases?: ReleaseList): RunSettings {
  return { ...settings, workers: workersOf(settings.mode, settings.workers, releases) };
}

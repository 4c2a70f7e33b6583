import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS, type RunSettings, type UsualFlag } from './settings.ts';

/** Whether a release has a flag for its workers; the first ones run one, always. */
export function hasWorkersFlag(mode: string, releases: ReleaseList = RELEASES): boolean {
  return releases.get(mode).switches.has(3832);
}

/** How many of the workers that are asked for a release runs. */
export function workersOf(mode: string, asked: number, releases: ReleaseList = RELEASES): number {
  return hasWorkersFlag(mode, releases) ? asked : 1;
}

/**
 * Whether the limit of a release's Kubernetes client can be set: the first published ones have no flags for it. What was
 * never published is no release that people run; there the question is what a limit would do.
 */
export function hasClientLimitFlags(mode: string, releases: ReleaseList = RELEASES): boolean {
  const { switches, versions } = releases.get(mode);
  return switches.has(3848) || versions.length === 0;
}

/** Whether a release has another default for a flag than those before it. */
export function hasOwnDefault(mode: string, flag: UsualFlag, releases: ReleaseList = RELEASES): boolean {
  return releases.get(mode).usual[flag] !== DEFAULT_SETTINGS[flag];
}

/** The settings as their release runs them: what is left as usual is what is usual there. */
export function fitting(settings: RunSettings, releases: ReleaseList = RELEASES): RunSettings {
  const { usual } = releases.get(settings.mode);
  const hasFlags = hasClientLimitFlags(settings.mode, releases);
  const own = (flag: UsualFlag): number =>
    settings[flag] === DEFAULT_SETTINGS[flag] && settings.given?.includes(flag) !== true ? usual[flag] : settings[flag];
  return {
    ...settings,
    qps: hasFlags ? own('qps') : usual.qps,
    burst: hasFlags ? own('burst') : usual.burst,
    workers: workersOf(settings.mode, own('workers'), releases),
  };
}

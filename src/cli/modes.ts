import { inWords } from '../base/count-words.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { isSwitch } from '../reconciler/releases/switches.ts';
import { vary, type Changes } from '../reconciler/releases/vary.ts';
import { DEFAULT_SETTINGS } from '../run/settings.ts';
import type { Values } from './options.ts';
import { UsageError } from './usage.ts';

/** Options that set single pull requests on top of a mode. */
export const CHANGES = ['with', 'without'];

/** @throws UsageError that names the modes there are */
export function knownMode(text: string, releases: ReleaseList = RELEASES): string {
  return orUsageError(() => releases.get(text).id);
}

/**
 * The one mode of a run, with the pull requests that were asked for.
 * @throws UsageError
 */
export function modeOf(values: Values, releases: ReleaseList = RELEASES): string {
  const mode = text(values, 'mode') ?? releases.default.id;
  if (mode.includes(',')) throw new UsageError('--mode takes one value here; lists are for arc-lab sweep');
  const release = orUsageError(() => releases.get(mode));
  const changes = changesIn(values);
  const isVaried = changes.with.length + changes.without.length > 0;
  const id = isVaried ? orUsageError(() => releases.get(vary(release, changes).id).id) : release.id;
  checkWorkers([id], values, releases);
  return id;
}

/**
 * The modes that run beside one another; beside each that the pull requests asked for change, it stands as changed.
 * @param modes as they were named
 * @throws UsageError
 */
export function modesWithChanges(modes: readonly string[], values: Values, releases: ReleaseList): readonly string[] {
  const changes = changesIn(values);
  const known = modes.map((mode) => knownMode(mode.trim(), releases));
  const all = known.flatMap((mode) => [mode, ...changed(mode, changes, releases)]);
  if (all.length === known.length && changes.with.length + changes.without.length > 0) {
    throw new UsageError(`--with and --without change nothing of ${inWords(known)}`);
  }
  checkWorkers(all, values, releases);
  return all;
}

/** One line for each version that was named and that a release of another name stands for; for stderr. */
export function standInText(values: Values, releases: ReleaseList = RELEASES): string {
  const named = (text(values, 'modes') ?? text(values, 'mode') ?? '').split(',').map((part) => part.trim());
  const lines = named.flatMap((name) => {
    if (name === '' || releases.ids.includes(name)) return [];
    const { id, variation, versions } = releases.get(name);
    if (id === name || variation !== undefined) return [];
    return [versions.includes(name.replace(/^v/, '')) ? `${name} is called ${id} here.\n` : `${nearest(name, id)}\n`];
  });
  return lines.join('');
}

function nearest(version: string, id: string): string {
  return `${version} is not among the modes; ${id}, the nearest, stands for it.`;
}

/** How many workers a run has where nothing is said: no more than each of its modes can have. */
export function usualWorkers(modes: readonly string[], releases: ReleaseList = RELEASES): number {
  return modes.every((mode) => releases.get(mode).switches.has(3832)) ? DEFAULT_SETTINGS.workers : 1;
}

function changed(mode: string, changes: Changes, releases: ReleaseList): string[] {
  const release = releases.get(mode);
  const has = (one: number): boolean => isSwitch(one) && release.switches.has(one);
  const wanted = {
    with: changes.with.filter((one) => !has(one)),
    without: changes.without.filter((one) => !isSwitch(one) || has(one)),
  };
  if (wanted.with.length + wanted.without.length === 0) return [];
  return [orUsageError(() => releases.get(vary(release, wanted).id).id)];
}

function changesIn(values: Values): Changes {
  return { with: numbersIn('with', values), without: numbersIn('without', values) };
}

function numbersIn(name: string, values: Values): readonly number[] {
  return (text(values, name)?.split(',') ?? []).map((part) => {
    const number = /^#?(\d+)$/.exec(part.trim())?.[1];
    if (number !== undefined) return Number(number);
    throw new UsageError(`--${name} takes numbers of pull requests with commas, not ${JSON.stringify(part)}`);
  });
}

/** The first releases have one worker and no flag for more. */
function checkWorkers(modes: readonly string[], values: Values, releases: ReleaseList): void {
  const workers = text(values, 'workers');
  const single = modes.find((mode) => !releases.get(mode).switches.has(3832));
  if (single === undefined || workers === undefined || workers === '1') return;
  throw new UsageError(`${single} has one worker and no flag for more: leave out --workers`);
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function orUsageError<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

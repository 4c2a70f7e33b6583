import { inWords } from '../base/count-words.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { isSwitch } from '../reconciler/releases/switches.ts';
import { UnknownPullRequestError, vary, type Changes } from '../reconciler/releases/vary.ts';
import { hasClientLimitFlags, hasOwnDefault, workersOf } from '../run/fitting-settings.ts';
import { DEFAULT_SETTINGS, USUAL_FLAGS, type RunSettings } from '../run/settings.ts';
import { standInText } from '../run/stand-in-words.ts';
import { textOf, type Values } from './options.ts';
import { UsageError } from './usage.ts';

/** What the extension's commands call the two modes that are compared where nothing is asked for. */
const BOTH = 'both';

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
  const mode = textOf(values, 'mode') ?? releases.default.id;
  if (mode.includes(',') || mode === BOTH) {
    const several = mode === BOTH ? releases.comparison.join() : mode;
    throw new UsageError(`--mode takes one mode; arc-lab compare --modes ${several} runs them side by side`);
  }
  const release = orUsageError(() => releases.get(mode));
  const changes = changesIn(values);
  const isVaried = changes.with.length + changes.without.length > 0;
  const id = isVaried ? orUsageError(() => releases.get(vary(release, changes).id).id) : release.id;
  checkFlags([id], values, releases);
  return id;
}

/**
 * The modes that run beside one another; beside each that the pull requests asked for change, it stands as changed.
 * @param modes as they were named
 * @throws UsageError
 */
export function modesWithChanges(modes: readonly string[], values: Values, releases: ReleaseList): readonly string[] {
  const changes = changesIn(values);
  const named = modes.map((mode) => mode.trim());
  if (named.includes(BOTH)) {
    throw new UsageError(`${BOTH} is no mode; without --modes, ${inWords(releases.comparison)} are compared`);
  }
  const known = named.map((mode) => knownMode(mode, releases));
  checkDifferent(named, known, releases);
  const all = known.flatMap((mode) => [mode, ...changed(mode, changes, releases)]);
  if (all.length === known.length && changes.with.length + changes.without.length > 0) {
    throw new UsageError(`--with and --without change nothing of ${inWords(known)}`);
  }
  const twice = all.find((mode, index) => all.indexOf(mode) !== index);
  if (twice !== undefined) {
    throw new UsageError(`${twice} is named in --modes, and --with and --without make it too: leave one of them out`);
  }
  checkFlags(all, values, releases);
  return all;
}

/** @throws UsageError that says which of the names mean the same */
function checkDifferent(named: readonly string[], known: readonly string[], releases: ReleaseList): void {
  const firstLike = (mode: string): number => known.findIndex((one) => releases.isSame(one, mode));
  const second = known.findIndex((mode, index) => firstLike(mode) !== index);
  const mode = known[second];
  if (mode === undefined) return;
  const [one, other, id] = [named[firstLike(mode)], named[second], releases.listedOf(mode)];
  if (one === other) throw new UsageError(`--modes names ${one} twice: leave one of them out`);
  throw new UsageError(`${one} and ${other} are the same release here, ${id}: leave one of them out`);
}

/**
 * Lines for stderr about the requested modes: the release that stands in for a version that is not a mode, and modes that
 * lack a given flag.
 * @param modes the ids of those that run
 */
export function modeNotes(values: Values, modes: readonly string[], releases: ReleaseList = RELEASES): string {
  const options = ['modes', 'mode', 'baseline', 'upgrade-from'];
  const named = options.flatMap((option) => textOf(values, option)?.split(',') ?? []);
  const notes = named.flatMap((name) => {
    const text = standInText(name, releases);
    return text === undefined ? [] : [`${text}\n`];
  });
  const lines = [...new Set(notes)];
  const flagless = textOf(values, 'workqueue-rate-limiter') === undefined ? [] : beforeLimiter(modes, releases);
  if (flagless.length > 0) {
    const all = inWords(flagless);
    const since = releases.firstWith(4451)?.id ?? '';
    lines.push(
      `ARC has --workqueue-rate-limiter from ${since} on; ${all} ${flagless.length === 1 ? 'runs' : 'run'} with it all the same.\n`,
    );
  }
  lines.push(...overruled(modes, values, releases));
  return lines.join('');
}

/** A line for each given flag whose default one of the modes has changed: nothing of that change is seen then. */
function overruled(modes: readonly string[], values: Values, releases: ReleaseList): string[] {
  return (
    givenFlags(modes, values, releases).given?.flatMap((flag) => {
      const given = textOf(values, flag) ?? '';
      return modes.flatMap((mode) => {
        const own = releases.get(mode).usual[flag];
        if (!hasOwnDefault(mode, flag, releases) || String(own) === given) return [];
        return [`${mode} has --${flag} ${own} by default; --${flag} ${given} overrides it.\n`];
      });
    }) ?? []
  );
}

/**
 * Which flags were given though some of the modes have a default of their own for them: they are meant as they are, also
 * where they are what other modes have by default.
 */
export function givenFlags(
  modes: readonly string[],
  values: Values,
  releases: ReleaseList = RELEASES,
): Pick<RunSettings, 'given'> {
  const given = USUAL_FLAGS.filter(
    (flag) => values[flag] !== undefined && modes.some((mode) => hasOwnDefault(mode, flag, releases)),
  );
  return given.length === 0 ? {} : { given };
}

function beforeLimiter(modes: readonly string[], releases: ReleaseList): string[] {
  return modes.filter((mode) => !releases.get(mode).switches.has(4451));
}

/** How many workers a run has where nothing is said: no more than each of its modes can have. */
export function usualWorkers(modes: readonly string[], releases: ReleaseList = RELEASES): number {
  return Math.min(...modes.map((mode) => workersOf(mode, DEFAULT_SETTINGS.workers, releases)));
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

/** @throws UsageError where a number is on both sides: of several modes each would be changed by one of them, unasked */
function changesIn(values: Values): Changes {
  const changes = { with: numbersIn('with', values), without: numbersIn('without', values) };
  const both = changes.with.find((one) => changes.without.includes(one));
  if (both === undefined) return changes;
  throw new UsageError(`--with ${both} and --without ${both} contradict each other: leave one of them out`);
}

function numbersIn(name: string, values: Values): readonly number[] {
  return (textOf(values, name)?.split(',') ?? []).map((part) => {
    const number = /^#?(\d+)$/.exec(part.trim())?.[1];
    if (number !== undefined) return Number(number);
    throw new UsageError(`--${name} takes numbers of pull requests with commas, not ${JSON.stringify(part)}`);
  });
}

function checkFlags(modes: readonly string[], values: Values, releases: ReleaseList): void {
  checkWorkers(modes, values, releases);
  checkClientLimit(modes, values, releases);
}

/** The first releases have a client with a fixed limit. */
function checkClientLimit(modes: readonly string[], values: Values, releases: ReleaseList): void {
  const { qps, burst } = DEFAULT_SETTINGS;
  const isGiven = (name: string, usual: number): boolean => (textOf(values, name) ?? String(usual)) !== String(usual);
  const fixed = modes.find((mode) => !hasClientLimitFlags(mode, releases));
  if (fixed === undefined || !(isGiven('qps', qps) || isGiven('burst', burst))) return;
  throw new UsageError(
    `${fixed} has no flags for its client's limit, which is --qps ${qps} and --burst ${burst}: leave both out`,
  );
}

/** The first releases have one worker and no flag for more. */
function checkWorkers(modes: readonly string[], values: Values, releases: ReleaseList): void {
  const workers = textOf(values, 'workers');
  const single = modes.find((mode) => !releases.get(mode).switches.has(3832));
  if (single === undefined || workers === undefined || workers === '1') return;
  throw new UsageError(`${single} has one worker and no flag for more: leave out --workers`);
}

function orUsageError<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof UnknownPullRequestError)) throw new UsageError(message);
    throw new UsageError(`${message}; arc-lab help switches lists all`, false);
  }
}

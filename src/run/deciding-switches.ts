import type { Release } from '../reconciler/releases/release.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Switch } from '../reconciler/releases/switches.ts';
import type { RunFigures, RunSpec } from './run-spec.ts';
import type { RunSettings } from './settings.ts';
import { SimulationPool } from './simulation-pool.ts';

/** How runs are made that differ from others in their settings alone. */
export interface Simulating extends Pick<RunSpec, 'load' | 'horizonUs'> {
  /** Who does them; this thread without it. */
  readonly pool?: SimulationPool | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Those that the settings may name. */
  readonly releases?: ReleaseList | undefined;
}

/** What is compared of a run. */
export type ComparedRun = Pick<RunFigures, 'settings' | 'statistics'>;

/** A pull request that two releases differ in, with what it does where those named before it are undone. */
export interface UndoneSwitch {
  readonly pullRequest: Switch;
  /** Whether the later release has it; otherwise the earlier one has, and undoing adds it. */
  readonly isNew: boolean;
  /** The later release without those named before it: what `run` differs from in this one alone. */
  readonly before: ComparedRun;
  /** The same with this one undone too. */
  readonly run: ComparedRun;
}

/** What is compared: a time in microseconds; null where it did not come. */
export type Figure = 'lastPodUs' | 'firstPodUs';

/** A time that changes by less than this part of the difference to be explained has not changed. */
const MATTERS = 0.1;
/** No more pull requests than these are named. */
const MOST_NAMED = 4;

/**
 * The pull requests that make one release's run differ from another's, found by simulating the later release without
 * some of them: groups whose absence changes nothing are left out at once, others are halved. The one that does most is
 * undone, and of the others those that then make a difference are looked for again: one may hide another, and one may take
 * back what another gains. So the effects of those that are named add up to the difference, but for a rest.
 * @param older a run of the same settings but for its mode, in virtual time or not
 * @returns none where the figure is missing, or where no undoing brings the runs together
 * @throws SimulationError, SimulationCancelled
 */
export async function decidingSwitches(
  older: ComparedRun,
  newer: ComparedRun,
  figure: Figure,
  simulating: Simulating,
): Promise<readonly UndoneSwitch[]> {
  const search = new Search(older, newer, figure, simulating);
  const [fromUs, toUs] = [older, newer].map(({ statistics }) => statistics[figure]);
  if (fromUs == null || toUs == null) return [];
  const differenceUs = Math.abs(toUs - fromUs);
  const undone: UndoneSwitch[] = [];
  let before = newer;
  while (undone.length < MOST_NAMED) {
    const names = undone.map(({ pullRequest }) => pullRequest);
    const rest = search.candidates.filter((one) => !names.includes(one));
    const open = await search.among(rest, { names, run: before }, MATTERS * differenceUs);
    const tries = await Promise.all(open.map((one) => search.without([...names, one])));
    const beforeUs = before.statistics[figure] ?? 0;
    const [next] = open
      .flatMap((pullRequest, index) => {
        const run = tries[index];
        const us = run?.statistics[figure];
        return run === undefined || us == null ? [] : [{ pullRequest, run, byUs: Math.abs(us - beforeUs) }];
      })
      .sort((a, b) => b.byUs - a.byUs);
    if (next === undefined) break;
    const { pullRequest, run } = next;
    undone.push({ pullRequest, isNew: search.isNew(pullRequest), before, run });
    before = run;
  }
  const leftUs = Math.abs((before.statistics[figure] ?? Infinity) - fromUs);
  return leftUs <= differenceUs / 2 ? undone : [];
}

/** A count that differs by less than this part is the same. */
const SAME_COUNT = 0.05;

/** Whether times of pods and counts of requests are the same but for little. */
function isAlike({ statistics: a }: ComparedRun, { statistics: b }: ComparedRun, leastUs: number): boolean {
  const times = ['firstPodUs', 'p50PodUs', 'lastPodUs'] as const;
  const kinds = [...new Set([a, b].flatMap(({ requestsUntilLastPod }) => Object.keys(requestsUntilLastPod)))];
  return (
    times.every((time) => Math.abs((a[time] ?? Infinity) - (b[time] ?? 0)) <= leastUs) &&
    kinds.every((kind) => {
      const [one = 0, other = 0] = [a, b].map(({ requestsUntilLastPod }) => requestsUntilLastPod[kind]);
      return Math.abs(one - other) <= SAME_COUNT * Math.max(one, other);
    })
  );
}

/** Runs of the later release with some of the differences undone. */
class Search {
  readonly candidates: readonly Switch[];
  readonly #older: ComparedRun;
  readonly #newer: ComparedRun;
  readonly #release: Release;
  readonly #figure: Figure;
  readonly #simulating: Simulating;
  readonly #releases: ReleaseList;
  readonly #pool: SimulationPool;
  readonly #runs = new Map<string, Promise<ComparedRun>>();

  constructor(older: ComparedRun, newer: ComparedRun, figure: Figure, simulating: Simulating) {
    this.#older = older;
    this.#newer = newer;
    this.#figure = figure;
    this.#simulating = simulating;
    this.#releases = simulating.releases ?? RELEASES;
    this.#pool = simulating.pool ?? new SimulationPool(0, this.#releases);
    this.#release = this.#releases.get(newer.settings.mode);
    const [before, after] = [this.#releases.get(older.settings.mode).switches, this.#release.switches];
    this.candidates = [...after, ...before].filter((one) => before.has(one) !== after.has(one));
    for (const run of [older, newer]) this.#runs.set(run.settings.mode, Promise.resolve(run));
  }

  isNew(pullRequest: Switch): boolean {
    return this.#release.switches.has(pullRequest);
  }

  /**
   * Those of a group whose absence changes the figure by more than this, where others are undone already. Effects within a
   * group may cancel each other out: it is left out as a whole only where nothing else of the run changes either.
   */
  async among(
    group: readonly Switch[],
    undone: { readonly names: readonly Switch[]; readonly run: ComparedRun },
    leastUs: number,
  ): Promise<readonly Switch[]> {
    if (group.length === 0) return [];
    const isWhole = group.length + undone.names.length === this.candidates.length;
    const run = isWhole ? this.#older : await this.without([...undone.names, ...group]);
    if (group.length === 1) {
      const us = run?.statistics[this.#figure];
      return us != null && Math.abs(us - (undone.run.statistics[this.#figure] ?? 0)) > leastUs ? group : [];
    }
    // Of a group that cannot be left out as it is, a part may be.
    if (run !== undefined && isAlike(run, undone.run, leastUs)) return [];
    const half = group.length >> 1;
    const halves = [group.slice(0, half), group.slice(half)].map((part) => this.among(part, undone, leastUs));
    return (await Promise.all(halves)).flat();
  }

  /** Undefined where the release cannot be without these and with the others. */
  async without(undone: readonly Switch[]): Promise<ComparedRun | undefined> {
    const mode = this.#modeWithout(undone);
    if (mode === undefined) return undefined;
    const settings: RunSettings = { ...this.#newer.settings, mode };
    const { load, horizonUs, signal } = this.#simulating;
    const run = this.#runs.get(mode) ?? this.#pool.run({ settings, load, horizonUs }, signal);
    this.#runs.set(mode, run);
    return run;
  }

  #modeWithout(undone: readonly Switch[]): string | undefined {
    const wanted = new Set(this.#release.switches);
    for (const one of undone) {
      if (wanted.has(one)) wanted.delete(one);
      else wanted.add(one);
    }
    const { switches, id } = this.#releases.get(this.#release.variation?.of ?? this.#release.id);
    const added = [...wanted].filter((one) => !switches.has(one)).map((one) => `+${one}`);
    const left = [...switches].filter((one) => !wanted.has(one)).map((one) => `-${one}`);
    return this.#releases.find([id, ...added, ...left].join(''))?.id;
  }
}

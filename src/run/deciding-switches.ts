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

/** A pull request of the later of two releases, and the run without it and without those named before it. */
export interface UndoneSwitch {
  readonly pullRequest: Switch;
  /** Whether the later release has it; otherwise the earlier one has, and undoing adds it. */
  readonly isNew: boolean;
  readonly run: ComparedRun;
}

/** What is compared: a time in microseconds; null where it did not come. */
export type Figure = 'lastPodUs' | 'firstPodUs';

/** A time that changes by less than this part of the difference to be explained has not changed. */
const MATTERS = 0.1;
/** No more pull requests than these are named. */
const MOST_NAMED = 3;

/**
 * The pull requests that make one release's run differ from another's, found by simulating the later release without
 * some of them: groups whose absence changes nothing are left out at once, others are halved. What is left is undone one
 * after the other, each time the one that comes nearest to the earlier release.
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
  const open = new Set(await search.among(search.candidates, MATTERS * differenceUs));
  const undone: UndoneSwitch[] = [];
  let leftUs = differenceUs;
  while (undone.length < MOST_NAMED && leftUs > MATTERS * differenceUs) {
    const names = undone.map(({ pullRequest }) => pullRequest);
    const tries = await Promise.all([...open].map((one) => search.without([...names, one])));
    const next = [...open]
      .map((pullRequest, index) => ({
        pullRequest,
        run: tries[index],
        us: tries[index]?.statistics[figure] ?? Infinity,
      }))
      .sort((a, b) => Math.abs(a.us - fromUs) - Math.abs(b.us - fromUs))[0];
    if (next?.run === undefined || Math.abs(next.us - fromUs) >= leftUs) break;
    leftUs = Math.abs(next.us - fromUs);
    open.delete(next.pullRequest);
    undone.push({ pullRequest: next.pullRequest, isNew: search.isNew(next.pullRequest), run: next.run });
  }
  return leftUs <= differenceUs / 2 ? undone : [];
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

  /** Those of a group whose absence changes the figure by more than this. */
  async among(group: readonly Switch[], leastUs: number): Promise<readonly Switch[]> {
    if (group.length === 0) return [];
    const isWhole = group.length === this.candidates.length;
    const run = isWhole ? this.#older : await this.without(group);
    const changeUs = Math.abs(
      (run?.statistics[this.#figure] ?? Infinity) - (this.#newer.statistics[this.#figure] ?? 0),
    );
    // Of a group that cannot be left out as it is, a part may be.
    if (changeUs <= leastUs) return [];
    if (group.length === 1) return run === undefined ? [] : group;
    const half = group.length >> 1;
    const halves = [group.slice(0, half), group.slice(half)].map((part) => this.among(part, leastUs));
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

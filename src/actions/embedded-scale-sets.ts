import { isJsonObject } from '../base/json.ts';
import type { HttpResponse } from '../base/http.ts';
import { json, listed, NO_CONTENT, scaleSetException } from './answers.ts';
import type { RunnerGroup, RunnerScaleSet, ScaleSetLabel, ScaleSetSpec, ScaleSetStatistics } from './scale-set.ts';

/** A scale set as the service keeps it; the rest of what it says of one follows from it. */
export interface KeptScaleSet extends Required<ScaleSetSpec> {
  readonly id: number;
  readonly createdOn: string;
}

export interface ScaleSetsState {
  /** The id of the next scale set; no id is given twice. */
  readonly nextId: number;
  readonly sets: readonly KeptScaleSet[];
}

export interface ScaleSetsOptions {
  /** Root URL under which the service is reached, without a trailing slash. */
  readonly baseUrl: string;
  readonly nowMs: () => number;
  /** Groups besides the default one, by name. */
  readonly runnerGroups?: readonly string[];
  readonly restore?: ScaleSetsState | undefined;
}

const DEFAULT_GROUP = 'Default';

/** Runner groups and scale sets of the embedded service, and its answers to calls about them. */
export class EmbeddedScaleSets {
  readonly #options: ScaleSetsOptions;
  readonly #groups: readonly string[];
  readonly #sets = new Map<number, KeptScaleSet>();
  #nextId: number;

  constructor(options: ScaleSetsOptions) {
    this.#options = options;
    this.#groups = [DEFAULT_GROUP, ...(options.runnerGroups ?? [])];
    for (const set of options.restore?.sets ?? []) this.#sets.set(set.id, set);
    this.#nextId = options.restore?.nextId ?? 1;
  }

  get state(): ScaleSetsState {
    return { nextId: this.#nextId, sets: [...this.#sets.values()] };
  }

  get(id: number): KeptScaleSet | undefined {
    return this.#sets.get(id);
  }

  /** The first that jobs with this label can run on; any where the label is empty. */
  withLabel(label: string): KeptScaleSet | undefined {
    for (const set of this.#sets.values()) {
      if (label === '' || set.labels.some(({ name }) => name === label)) return set;
    }
    return undefined;
  }

  /** Whether there was one with this id, which is gone. Runners that nobody's scale set owns name ids that never were. */
  isDeleted(id: number): boolean {
    return id < this.#nextId && !this.#sets.has(id);
  }

  /** @param name upper and lower case are the same */
  groupNamed(name: string): HttpResponse {
    const wanted = name.toLowerCase();
    return listed(this.#allGroups().filter((group) => group.name.toLowerCase() === wanted));
  }

  named(name: string, group: string, statistics: Statistics): HttpResponse {
    const found = [...this.#sets.values()].filter((set) => {
      return set.name === name && (group === '' || set.runnerGroupId === Number(group));
    });
    return listed(found.map((set) => this.shown(set, statistics(set.id))));
  }

  withId(id: number, statistics: Statistics): HttpResponse {
    const set = this.#sets.get(id);
    return set === undefined ? scaleSetNotFound(id) : json(200, this.shown(set, statistics(id)));
  }

  create(body: string): HttpResponse {
    const spec = specOf(body);
    if (spec?.name === undefined) return badRequest();
    const { name, runnerGroupId = 1, labels = [{ type: 'System', name }], RunnerSetting = {} } = spec;
    if (this.#groups[runnerGroupId - 1] === undefined) return noSuchGroup(runnerGroupId);
    if (this.#isTaken(name, runnerGroupId, undefined)) return nameTaken(name);
    const createdOn = new Date(this.#options.nowMs()).toISOString();
    const set: KeptScaleSet = { id: this.#nextId++, name, runnerGroupId, labels, RunnerSetting, createdOn };
    this.#sets.set(set.id, set);
    return json(200, this.shown(set, NO_STATISTICS));
  }

  update(id: number, body: string, statistics: Statistics): HttpResponse {
    const set = this.#sets.get(id);
    if (set === undefined) return scaleSetNotFound(id);
    const spec = specOf(body);
    if (spec === undefined) return badRequest();
    const changed: KeptScaleSet = {
      ...set,
      name: spec.name ?? set.name,
      runnerGroupId: spec.runnerGroupId ?? set.runnerGroupId,
      labels: spec.labels ?? set.labels,
      RunnerSetting: { ...set.RunnerSetting, ...spec.RunnerSetting },
    };
    if (this.#groups[changed.runnerGroupId - 1] === undefined) return noSuchGroup(changed.runnerGroupId);
    if (this.#isTaken(changed.name, changed.runnerGroupId, id)) return nameTaken(changed.name);
    this.#sets.set(id, changed);
    return json(200, this.shown(changed, statistics(id)));
  }

  delete(id: number): HttpResponse {
    return this.#sets.delete(id) ? NO_CONTENT : scaleSetNotFound(id);
  }

  /** As answers show it. */
  shown(set: KeptScaleSet, statistics: ScaleSetStatistics): RunnerScaleSet {
    return {
      ...set,
      runnerGroupName: this.#groups[set.runnerGroupId - 1] ?? '',
      runnerJitConfigUrl: `${this.#options.baseUrl}/tenant/_apis/runtime/runnerscalesets/${set.id}/generatejitconfig`,
      statistics,
    };
  }

  #allGroups(): RunnerGroup[] {
    return this.#groups.map((name, index) => {
      const id = index + 1;
      const size = [...this.#sets.values()].filter(({ runnerGroupId }) => runnerGroupId === id).length;
      return { id, name, size, isDefaultGroup: index === 0 };
    });
  }

  #isTaken(name: string, group: number, except: number | undefined): boolean {
    return [...this.#sets.values()].some((set) => {
      return set.id !== except && set.name === name && set.runnerGroupId === group;
    });
  }
}

type Statistics = (scaleSetId: number) => ScaleSetStatistics;

const NO_STATISTICS: ScaleSetStatistics = {
  totalAvailableJobs: 0,
  totalAcquiredJobs: 0,
  totalAssignedJobs: 0,
  totalRunningJobs: 0,
  totalRegisteredRunners: 0,
  totalBusyRunners: 0,
  totalIdleRunners: 0,
};

export function scaleSetNotFound(id: number): HttpResponse {
  return scaleSetException(404, 'RunnerScaleSetNotFoundException', `No runner scale set found with identifier ${id}.`);
}

function noSuchGroup(id: number): HttpResponse {
  return scaleSetException(404, 'RunnerGroupNotFoundException', `No runner group found with identifier ${id}.`);
}

function nameTaken(name: string): HttpResponse {
  return scaleSetException(409, 'RunnerScaleSetExistsException', `Runner scale set ${name} already exists.`);
}

function badRequest(): HttpResponse {
  return scaleSetException(400, 'InvalidRunnerScaleSetException', 'The runner scale set is not valid.');
}

/** What is empty in Go's structure is left out of it, and changes nothing. */
function specOf(body: string): ScaleSetSpec | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { name, runnerGroupId, labels, RunnerSetting } = value;
  if (name !== undefined && typeof name !== 'string') return undefined;
  if (runnerGroupId !== undefined && typeof runnerGroupId !== 'number') return undefined;
  if (labels !== undefined && !(Array.isArray(labels) && labels.every(isLabel))) return undefined;
  if (RunnerSetting !== undefined && !isJsonObject(RunnerSetting)) return undefined;
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(runnerGroupId === undefined || runnerGroupId === 0 ? {} : { runnerGroupId }),
    ...(labels === undefined ? {} : { labels }),
    ...(RunnerSetting === undefined ? {} : { RunnerSetting }),
  };
}

export function isLabel(value: unknown): value is ScaleSetLabel {
  return isJsonObject(value) && typeof value['name'] === 'string' && typeof value['type'] === 'string';
}

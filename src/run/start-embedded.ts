import { VirtualClock } from '../base/virtual-clock.ts';
import { WallClock } from '../base/wall-clock.ts';
import type { ApiError } from '../kubernetes/api-error.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { CreationError } from './creation-error.ts';
import { EmbeddedEnvironment, type EmbeddedOptions } from './embedded-environment.ts';
import { fitting } from './fitting-settings.ts';
import { happen, happeningText, type Happening } from './happenings.ts';
import { handoverOf, type Handover } from './handover.ts';
import { withJobDuration } from './job-duration.ts';
import { troubleListeners, troubleWords, type ListenerTrouble } from './listener-trouble.ts';
import type { ControllerHooks } from './manage-runners.ts';
import { noted } from './noted-run.ts';
import { oldDefinitions } from './old-definitions.ts';
import { Run } from './run.ts';
import type { Load } from './run-target.ts';
import { VIRTUAL_EPOCH_MS, type RunSettings } from './settings.ts';
import { processOf, scheduleTakeover, takeoverOf } from './takeover.ts';

/** The controller is started and its caches are filled before the runners are created. */
export const START_UP_US = 50_000;

export type EmbeddedRun = Run<EmbeddedEnvironment>;

/** What a run on the embedded cluster may be started with besides its settings. */
export interface EmbeddedHooks extends ControllerHooks, Pick<EmbeddedOptions, 'actions'> {
  /** Virtual or real time; real without it. */
  readonly clock?: VirtualClock | WallClock | undefined;
  readonly load?: Load | undefined;
  /** Wall-clock time at which its clock is 0; now without it, and a fixed day in virtual time. */
  readonly epochMs?: number | undefined;
  /** Some runners could not be created; the others go on. */
  readonly onCreationFailed: (error: CreationError) => void;
}

/**
 * Starts a run on a cluster of its own, with its runners: the same settings give the same run everywhere, event for event.
 * @throws Error with a sentence when the settings name a file of pods that cannot be used
 */
export function startEmbedded(settings: RunSettings, hooks: EmbeddedHooks): EmbeddedRun {
  try {
    return begun(fitting(settings, hooks.releases), hooks);
  } catch (error) {
    hooks.metrics?.dispose();
    throw error;
  }
}

function begun(asked: RunSettings, hooks: EmbeddedHooks): EmbeddedRun {
  const { clock = new WallClock(), load = {}, actions, onCreationFailed } = hooks;
  const { apiLatencyUs = asked.apiLatencyUs, jitLatencyUs = asked.jitLatencyUs } = load.conditions ?? {};
  const settings = withJobDuration({ ...asked, apiLatencyUs, jitLatencyUs });
  const { epochMs = clock instanceof VirtualClock ? VIRTUAL_EPOCH_MS : Date.now() } = hooks;
  const { scaleSet } = load;
  const handover = scaleSet === undefined ? handoverTo(asked, hooks, epochMs) : undefined;
  const takeover = scaleSet === undefined ? undefined : takeoverOf(settings, hooks);
  const process = scaleSet === undefined ? undefined : processOf(settings.mode, hooks);
  return clock.enter(() => {
    const environment = new EmbeddedEnvironment({
      ...{ clock, settings, epochMs, handover, scaleSet },
      actions: load.removalOfUnknown === undefined ? actions : { ...actions, deleteOfUnknownRunner: 404 },
      reconcilesSets: load.throughSet,
      process: takeover?.first.process ?? process,
      releaseOf: takeover?.releaseOf,
      load: noted(load),
    });
    const { runnerSet, conditions } = environment;
    if (load.conditions !== undefined) conditions.change(load.conditions);
    if (load.upgrade?.keepsDefinitions === true) {
      const { switches } = (hooks.releases ?? RELEASES).get(load.upgrade.from);
      environment.cluster.api.admit = oldDefinitions(switches);
    }
    const originUs = handover === undefined ? START_UP_US : 0;
    const run = new Run(environment, hooks, originUs, takeover?.first);
    for (const happening of load.happenings ?? []) {
      clock.schedule(originUs + happening.atUs, meanwhile, { run, happening });
    }
    if (handover !== undefined) return run;
    environment.chain?.noteTo(run.trace);
    if (takeover !== undefined) scheduleTakeover(run, takeover, START_UP_US);
    for (const { atUs, ...trouble } of scaleSet?.listener ?? []) {
      clock.schedule(START_UP_US + atUs, disturb, { run, trouble });
    }
    const everyUs = load.perSecond === undefined ? undefined : 1_000_000 / load.perSecond;
    const created = (error: ApiError | undefined): void => {
      if (error !== undefined) onCreationFailed(new CreationError(error));
    };
    let wanted = 0;
    for (const { atUs, runners } of load.waves ?? [{ atUs: 0, runners: settings.runners }]) {
      const ask = (): void => {
        wanted += runners;
        if (environment.chain !== undefined) environment.chain.createScaleSet(created);
        else if (load.throughSet === true) runnerSet.wantThroughSet(wanted, created);
        else runnerSet.create(runners, created, everyUs);
      };
      clock.schedule(START_UP_US + atUs, ask, undefined);
    }
    return run;
  });
}

/**
 * Does something to the listeners that run; the trace keeps what and when.
 * @returns how many there were
 */
export function disturb({ run, trouble }: { run: EmbeddedRun; trouble: ListenerTrouble }): number {
  if (run.environment.isCalm) return 0;
  const count = troubleListeners(run.environment.listeners, trouble);
  if (run.trace.endedUs !== undefined) return count;
  interfered(run, troubleWords(trouble, count));
  return count;
}

/** Something happens to a run, and its trace says so; not where it has been calmed down. */
export function meanwhile({ run, happening }: { run: EmbeddedRun; happening: Happening }): void {
  if (run.environment.isCalm || run.trace.endedUs !== undefined || !happen(run, happening)) return;
  interfered(run, happeningText(happening));
}

function interfered({ trace, clock, environment }: EmbeddedRun, text: string): void {
  environment.onInterference?.(text);
  trace.addMark({ at: clock.nowUs(), what: 'fault', text, basis: 'run' });
}

/**
 * What the earlier release that the load names leaves behind where there are no jobs: it works on a new cluster, in virtual time, and is stopped.
 * @param atMs wall-clock time of the handover, in milliseconds since 1970
 */
function handoverTo(settings: RunSettings, hooks: EmbeddedHooks, atMs: number): Handover | undefined {
  const { load: { upgrade, happenings: _later, ...load } = {}, actions, releases, onCreationFailed } = hooks;
  if (upgrade === undefined) return undefined;
  const clock = new VirtualClock();
  const epochMs = atMs - upgrade.afterUs / 1000;
  const run = startEmbedded(
    { ...settings, mode: upgrade.from },
    {
      ...{ clock, epochMs, load, actions, onCreationFailed },
      ...(releases === undefined ? {} : { releases }),
    },
  );
  clock.run(upgrade.afterUs);
  const left = handoverOf(upgrade.from, run.environment);
  run.end();
  return left;
}

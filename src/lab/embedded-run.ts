import { VirtualClock } from '../base/virtual-clock.ts';
import { WallClock } from '../base/wall-clock.ts';
import type { Clock } from '../base/clock.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { EmbeddedLab } from './embedded-lab.ts';
import { VIRTUAL_EPOCH_MS, type LabSettings } from './settings.ts';
import { statisticsOf, type RunStatistics } from './statistics.ts';

/** A run that has come to rest. */
export interface FinishedRun {
  readonly settings: LabSettings;
  readonly trace: TraceLog;
  /** Time in the trace at which the first runner's creation was requested. */
  readonly originUs: number;
  readonly statistics: RunStatistics;
  /** Events of the virtual clock; 0 in real time. */
  readonly events: number;
}

/** The controller is started and its caches are filled before the runners are created. */
export const START_UP_US = 50_000;

/** Runs the lab on the embedded cluster in virtual time until nothing is left to do. */
export function simulate(settings: LabSettings): FinishedRun {
  const clock = new VirtualClock();
  const run = begin(clock, settings, VIRTUAL_EPOCH_MS);
  clock.run();
  return { ...finish(run, settings), events: clock.eventsRun };
}

/**
 * Runs the lab for several settings side by side in real time until nothing is left to do.
 * @param signal ends the runs early
 */
export async function runLive(allSettings: readonly LabSettings[], signal?: AbortSignal): Promise<FinishedRun[]> {
  const runs = allSettings.map((settings) => {
    const clock = new WallClock();
    // Entered, so that real time gives everything the same moment as virtual time does.
    return { clock, settings, run: clock.enter(() => begin(clock, settings, Date.now())) };
  });
  const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([Promise.all(runs.map(({ clock }) => clock.idle())), aborted]);
  return runs.map(({ clock, settings, run }) => {
    clock.close();
    return finish(run, settings);
  });
}

function begin(clock: Clock, settings: LabSettings, epochMs: number): EmbeddedLab {
  const lab = new EmbeddedLab({ clock, settings, epochMs });
  lab.start();
  clock.schedule(START_UP_US, () => lab.runnerSet.create(settings.runners, throwIfFailed), undefined);
  return lab;
}

function finish(lab: EmbeddedLab, settings: LabSettings): FinishedRun {
  lab.dispose();
  const statistics = statisticsOf(lab.trace, START_UP_US);
  return { settings, trace: lab.trace, originUs: START_UP_US, statistics, events: 0 };
}

function throwIfFailed(error: Error | undefined): void {
  if (error !== undefined) throw error;
}

import { t } from '@vscode/l10n';
import type { Explanation } from '../evidence/explain.ts';
import { fittedLoad, type FittedLoad } from '../fit/fitted-load.ts';
import { fitLog, type FittedSetting, type FittedSettings, type LogFit, type Simulation } from '../fit/log-fit.ts';
import type { Simulating } from '../fit/search.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { assumedText } from './advised-burst.ts';
import { answerText } from './explain-logs.ts';
import { standInTexts } from './stand-in-text.ts';
import { conclusion, gainRows, offText, type GainRow } from './why-fit.ts';

/** A setting of the controller as a log tells it, and what that rests on. */
export interface SettingRow {
  readonly of: keyof FittedSettings;
  readonly text: string;
  readonly restsOn: string;
}

/** The run of ours that comes nearest to the burst of a log. */
export interface FittedRun {
  readonly trace: TraceLog;
  /** Time of the run at which the timeline of the log begins. */
  readonly originUs: number;
  /** How near it comes: `ends 1 % sooner than the log`. */
  readonly error: string;
}

/** What the simulation of a log's burst says. */
export interface FittedAnswer {
  /** The whole answer about the log, as for a terminal. */
  readonly text: string;
  /** What would help and what would not; none where nothing can be said of that. */
  readonly gains: readonly GainRow[];
  /** What follows from them, or why there are none, in a sentence; empty where there is nothing to say. */
  readonly conclusion: string;
  readonly settings: readonly SettingRow[];
  /** Undefined where the log shows no burst of a size that is simulated. */
  readonly run: FittedRun | undefined;
  /** To simulate the burst with other settings; undefined where no run comes near enough to say what they would do. */
  readonly load: FittedLoad | undefined;
  /** Which release was taken, where the log leaves open which one wrote it or names one that is not known; else empty. */
  readonly assumed: string;
}

/**
 * Simulates the burst of a log.
 * @param observed the passes that the log shows; undefined where it shows none
 * @throws SimulationCancelled
 */
export async function fittedAnswer(
  explanation: Explanation,
  observed: TraceLog | undefined,
  simulating: Simulating,
): Promise<FittedAnswer> {
  const fit = await fitLog(explanation, simulating);
  const { simulation, settings } = fit;
  return {
    text: answerText(explanation, fit),
    gains: simulation?.isClose === true ? gainRows(simulation) : [],
    conclusion: conclusionOf(fit),
    settings: settingRows(settings),
    run: simulation === undefined || observed === undefined ? undefined : runOf(simulation, observed),
    load: simulation?.isClose === true ? fittedLoad({ release: simulation.slow.release }, simulation) : undefined,
    assumed:
      simulation === undefined ? '' : [assumedText(simulation), ...standInTexts(simulation)].filter(Boolean).join(' '),
  };
}

function conclusionOf({ simulation }: LogFit): string {
  if (simulation === undefined || !simulation.isFound) return '';
  if (simulation.isClose) return conclusion(simulation).join(' ');
  return t('The simulation {0}: it says nothing of what would help.', offText(simulation));
}

/** The run's burst begins below the log's. */
function runOf(simulation: Simulation, observed: TraceLog): FittedRun {
  const { run } = simulation.fit;
  const startUs = simulation.slow.burst.start.at.us - Date.parse(`${observed.header.start.slice(0, 19)}Z`) * 1000;
  const fractionUs = Number((/\.(\d+)/.exec(observed.header.start)?.[1] ?? '').padEnd(6, '0').slice(0, 6));
  const burstUs = startUs - fractionUs - observed.originUs;
  const { trace, originUs } = run.one;
  // A log of whole seconds leaves open where within one it begins; a run that began before it would have negative times.
  const beginsUs = Math.max(0, burstUs + run.shiftUs);
  return { trace, originUs: Math.round(originUs - beginsUs), error: offText(simulation) };
}

function settingRows(settings: FittedSettings): SettingRow[] {
  const row = (of: keyof FittedSettings, text: (value: string) => string): SettingRow[] => {
    const setting = settings[of];
    if (setting === null) return [];
    return [{ of, text: text(String(Number(setting.value.toPrecision(3)))), restsOn: restsOn(setting) }];
  };
  return [
    ...row('workers', (value) => t('Workers: {0}', value)),
    ...row('qps', (value) => t('Client limit, a second: {0}', value)),
    ...row('burst', (value) => t('Client limit, at once: {0}', value)),
    ...row('jitMs', (value) => t('JIT call: {0} ms', value)),
    ...row('apiMs', (value) => t('Kubernetes request: {0} ms', value)),
  ];
}

function restsOn({ basis, low, high }: FittedSetting): string {
  if (basis === 'line') return high === null ? t('at least that, by lines of the log') : t('a line of the log says it');
  const range =
    high === null
      ? t('the log allows {0} or more', Number(low.toPrecision(3)))
      : t('the log allows {0} to {1}', Number(low.toPrecision(3)), Number(high.toPrecision(3)));
  return basis === 'usual' ? t('the usual value; {0}', range) : t('the times of the lines; {0}', range);
}

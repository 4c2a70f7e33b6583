import { t } from '@vscode/l10n';
import { workersText } from '../base/count-words.ts';
import { ACTIONS_LOCK, NO_LOCK_UNTIL } from '../reconciler/releases/actions-lock.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';
import type { Fit } from './fit.ts';
import { middle } from './observed.ts';
import type { Runs } from './search.ts';

/** One thing that is changed. */
export interface Change {
  /** As the head of a row. */
  readonly text: string;
  /** Whether a setting of the controller's chart does it. */
  readonly isSetting: boolean;
  /** Whether it is two changes at once, while each is there alone as well. */
  readonly isBoth: boolean;
  readonly changed: Partial<RunSettings>;
}

/** What a change would do to a burst, in microseconds from its beginning: the same load simulated again. */
export interface Gain extends Change {
  readonly lastPodUs: number;
  /** How much sooner the last pod comes than in the log; negative for later. */
  readonly soonerUs: number;
  /** The least and the most of that, where JIT calls and the client's limit are at the ends of their intervals. */
  readonly soonerWithinUs: readonly [least: number, most: number];
}

/** A run that is further off than this from the log says nothing of what another would do. */
const CLOSE = 0.1;
/** When a burst began is known by its clock as well: within this part of a step. */
const STAMP = 0.3;

/** A last pod that comes sooner by a smaller part than this is no gain. */
export const WORTH = 0.03;
/** A limit that never holds anything back. */
const NO_LIMIT = 400;

/** An API server that is slower than usual by this factor is worth a line. */
const SLOW_API = 3;

/** Whether what the fitted run shows may be believed of the log. */
export function isClose({ medianOff, lastOff, observed: { curves, clockUs } }: Fit): boolean {
  const { pod } = curves;
  const isNear = (off: number, us = 0): boolean =>
    Math.abs(off) <= Math.max(CLOSE, (STAMP * clockUs) / Math.max(1, us));
  return isNear(medianOff, middle(pod)) && isNear(lastOff, pod.at(-1));
}

/** A difference that is smaller than this, in microseconds, may be an error of the simulation or a step of the log's clock. */
export function errorUs({ medianOff, lastOff, observed }: Fit): number {
  const lastUs = observed.curves.pod.at(-1) ?? 0;
  return Math.max(Math.abs(medianOff), Math.abs(lastOff)) * lastUs + observed.clockUs;
}

/**
 * When the last pod came, in microseconds from the burst's beginning: of what the log's clock leaves open, what is nearest to the
 * run. Advice on the same log, which is by such runs alone, then differs by no more than what the run is said to be off.
 */
export function lastPodUs({ run, lastOff }: Pick<Fit, 'run' | 'lastOff'>): number {
  return (run.podsUs.at(-1) ?? 0) / (1 + lastOff);
}

/** What each change would do, the most helpful first. */
export async function gainsOf(fit: Fit): Promise<Gain[]> {
  const { run, search } = fit;
  const seenUs = lastPodUs(fit);
  const lastPodOf = async (settings: RunSettings, before: Runs): Promise<number> =>
    (seenUs * ((await search.run(settings)).podsUs.at(-1) ?? Number.POSITIVE_INFINITY)) / (before.podsUs.at(-1) ?? 0);
  const ends = await Promise.all(endsOf(fit).map((end) => search.run({ ...run.settings, ...end })));
  const gains = await Promise.all(
    changesOf(run.settings).map(async (change): Promise<Gain> => {
      const soonerFrom = async (before: Runs): Promise<number> =>
        seenUs - (await lastPodOf({ ...before.settings, ...change.changed }, before));
      const soonerUs = await soonerFrom(run);
      const isGain = Math.abs(soonerUs) >= WORTH * seenUs;
      const all = [soonerUs, ...(isGain ? await Promise.all(ends.map(soonerFrom)) : [])];
      return {
        ...change,
        ...{ lastPodUs: seenUs - soonerUs, soonerUs },
        soonerWithinUs: [Math.min(...all), Math.max(...all)],
      };
    }),
  );
  return gains.sort((a, b) => b.soonerUs - a.soonerUs);
}

/** What the log leaves open goes together, as the burst takes as long: the longer JIT calls are, the looser is the client's limit. */
function endsOf({ intervals: { qps, burst, jitLatencyUs } }: Fit): readonly Partial<RunSettings>[] {
  const at = (end: 'low' | 'high'): Partial<RunSettings> => ({
    qps: qps[end] ?? NO_LIMIT,
    burst: burst[end] ?? NO_LIMIT,
    jitLatencyUs: Math.round(jitLatencyUs[end] ?? jitLatencyUs.value),
  });
  return [at('low'), at('high')];
}

function changesOf(settings: RunSettings): Change[] {
  const { mode, workers, qps, burst, jitLatencyUs, apiLatencyUs } = settings;
  const { switches } = RELEASES.get(mode);
  const moreWorkers = { workers: 2 * workers };
  const moreRequests = { qps: 5 * Math.max(1, Math.round(qps)), burst: 5 * burst };
  const limits = t('client limit {0}/{1}', Math.round(moreRequests.qps), moreRequests.burst);
  const change = (text: string, isSetting: boolean, changed: Partial<RunSettings>): Change[] => [
    { text, isSetting, isBoth: false, changed },
  ];
  const onePass = RELEASES.firstWith(3831);
  const quickJitUs = Math.min(DEFAULT_SETTINGS.jitLatencyUs, jitLatencyUs / 2);
  return [
    ...(switches.has(3832)
      ? change(t('{0} instead of {1}', workersText(moreWorkers.workers), workers), true, moreWorkers)
      : []),
    ...change(
      switches.has(3848)
        ? t('{0} instead of {1}/{2}', limits, Math.round(qps), burst)
        : t('{0} instead of {1}/{2}, which can be set since ARC 0.10', limits, Math.round(qps), burst),
      switches.has(3848),
      moreRequests,
    ),
    ...(switches.has(3848)
      ? change(t('{0} and {1}', workersText(moreWorkers.workers), limits), true, {
          ...moreWorkers,
          ...moreRequests,
        }).map((both) => ({ ...both, isBoth: true }))
      : []),
    ...(switches.has(ACTIONS_LOCK)
      ? change(t('no lock, as up to ARC {0}', NO_LOCK_UNTIL), false, { mode: `${mode}-${ACTIONS_LOCK}` })
      : []),
    ...(switches.has(3831) || onePass === undefined
      ? []
      : change(t('ARC {0}, which makes a pod in one pass', onePass.versions.at(-1) ?? ''), false, {
          mode: onePass.id,
        })),
    ...change(t('JIT calls of {0} instead of {1}', ms(quickJitUs), ms(jitLatencyUs)), false, {
      jitLatencyUs: quickJitUs,
    }),
    ...(apiLatencyUs > SLOW_API * DEFAULT_SETTINGS.apiLatencyUs
      ? change(
          t('requests to Kubernetes of {0} instead of {1}', ms(DEFAULT_SETTINGS.apiLatencyUs), ms(apiLatencyUs)),
          false,
          {
            apiLatencyUs: DEFAULT_SETTINGS.apiLatencyUs,
          },
        )
      : []),
  ];
}

function ms(us: number): string {
  return t('{0} ms', Math.round(us / 1000));
}

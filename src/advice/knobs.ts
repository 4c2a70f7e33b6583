import { isDeepStrictEqual } from 'node:util';
import { ACTIONS_LOCK } from '../reconciler/releases/actions-lock.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Switch } from '../reconciler/releases/switches.ts';
import { hasClientLimitFlags, hasWorkersFlag } from '../run/fitting-settings.ts';
import type { RunSettings } from '../run/settings.ts';

/** What may be different, one at a time. */
export type KnobId =
  | 'workers'
  | 'qps'
  | 'burst'
  | 'workqueueRateLimiter'
  | 'jitLatencyUs'
  | 'apiLatencyUs'
  | 'podStartUs'
  | 'release'
  | Switch;

export interface Knob {
  readonly id: KnobId;
  /** Whether a flag of the controller sets it in this release. */
  readonly isFlag: boolean;
  /** The settings with less of it and with more of it, or with it the other way. */
  readonly ends: readonly RunSettings[];
}

/** Pull requests that change how fast runners get pods, and nothing else that people would miss. */
const SWITCHES_OF_SPEED: readonly Switch[] = [3831, ACTIONS_LOCK, 4406, 4664, 4669, 4670, 4673];

/** All that can be turned of settings, in the order of what is turned first. */
export function knobsOf(settings: RunSettings): Knob[] {
  const { mode, workers, qps, burst, jitLatencyUs, apiLatencyUs, podStartUs, workqueueRateLimiter } = settings;
  const { switches } = RELEASES.get(mode);
  const knob = (id: KnobId, isFlag: boolean, ...ends: readonly Partial<RunSettings>[]): Knob => ({
    id,
    isFlag,
    // Half of 1 worker is 1 worker.
    ends: ends.map((end) => ({ ...settings, ...end })).filter((end) => !isDeepStrictEqual(end, settings)),
  });
  const halves = (count: number): number[] => [...new Set([Math.max(1, Math.round(count / 2)), 2 * count])];
  const limiter = workqueueRateLimiter === 'typed_rate_limiter' ? 'bucket_rate_limiter' : 'typed_rate_limiter';
  return [
    ...(hasWorkersFlag(mode) ? [knob('workers', true, ...halves(workers).map((count) => ({ workers: count })))] : []),
    ...(hasClientLimitFlags(mode) && qps > 0
      ? [
          knob('qps', true, { qps: qps / 2 }, { qps: 2 * qps }),
          knob('burst', true, ...halves(burst).map((count) => ({ burst: count }))),
        ]
      : []),
    ...(switches.has(4451) ? [knob('workqueueRateLimiter', true, { workqueueRateLimiter: limiter })] : []),
    ...(jitLatencyUs > 0
      ? [
          knob(
            'jitLatencyUs',
            false,
            { jitLatencyUs: Math.round(jitLatencyUs / 2) },
            { jitLatencyUs: 2 * jitLatencyUs },
          ),
        ]
      : []),
    ...(apiLatencyUs > 0
      ? [
          knob(
            'apiLatencyUs',
            false,
            { apiLatencyUs: Math.round(apiLatencyUs / 2) },
            { apiLatencyUs: 2 * apiLatencyUs },
          ),
        ]
      : []),
    ...(podStartUs === undefined
      ? []
      : [knob('podStartUs', false, { podStartUs: Math.round(podStartUs / 2) }, { podStartUs: 2 * podStartUs })]),
    ...neighbours(mode).map((other) => knob('release', false, { mode: other })),
    ...SWITCHES_OF_SPEED.flatMap((number) => {
      const other = `${mode}${switches.has(number) ? '-' : '+'}${number}`;
      // Where pull requests do not go together there is no such release.
      return RELEASES.find(other) === undefined ? [] : [knob(number, false, { mode: other })];
    }),
  ].filter(({ ends }) => ends.length > 0);
}

/** The releases before and after one of the list. */
function neighbours(mode: string): string[] {
  const { ids } = RELEASES;
  const place = ids.indexOf(mode);
  return place < 0 ? [] : [ids[place - 1], ids[place + 1]].flatMap((id) => id ?? []);
}

import { latencyArgument, type LatencyShape } from '../base/latency.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { faultsText } from '../run/conditions-control.ts';
import { countOf, jobsText } from '../run/job-load.ts';
import type { Load } from '../run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The launch arguments with which a run has these settings; what a launch has without them is left out. */
export function launchFields(settings: RunSettings): Fields {
  const fields: Record<string, unknown> = { mode: settings.mode };
  const set = (name: string, value: unknown, usual: unknown): void => {
    if (value !== usual) fields[name] = value;
  };
  const { runners, workers, seed, qps, burst, workqueueRateLimiter, pods } = settings;
  for (const [name, value] of Object.entries({ runners, workers, seed, qps, burst })) {
    set(name, value, DEFAULT_SETTINGS[name as keyof typeof DEFAULT_SETTINGS]);
  }
  set('workqueueRateLimiter', workqueueRateLimiter, undefined);
  set('pods', pods, undefined);
  const { jitLatencyUs, jitShape, apiLatencyUs, apiShape } = settings;
  set('jitLatency', latency(jitLatencyUs, jitShape), duration(DEFAULT_SETTINGS.jitLatencyUs));
  set('apiLatency', latency(apiLatencyUs, apiShape), duration(DEFAULT_SETTINGS.apiLatencyUs));
  set('podStart', duration(settings.podStartUs), undefined);
  set('jobDuration', duration(settings.jobDurationUs), undefined);
  return fields;
}

/**
 * The launch arguments with which a run has this load beside its settings.
 * @param untilUs when it is ended, where its jobs come for ever, or its set replaces runners that are done for ever
 * @returns undefined where no launch argument says what is in it
 */
export function launchFieldsOf(load: Load, settings: RunSettings, untilUs: number): Fields | undefined {
  const { perSecond, waves, upgrade, throughSet, scaleSet, conditions = {} } = load;
  const {
    otherActionsLatencyUs,
    apiLatencyUs = settings.apiLatencyUs,
    jitLatencyUs = settings.jitLatencyUs,
  } = conditions;
  const isSaid = [perSecond, waves, upgrade, otherActionsLatencyUs, scaleSet?.listener].every(
    (one) => one === undefined,
  );
  if (!isSaid) return undefined;
  const { runners, ...others } = launchFields({ ...settings, apiLatencyUs, jitLatencyUs });
  const fail = faultsText(conditions);
  const replaces = throughSet === true && settings.jobDurationUs !== undefined;
  const isEndless = scaleSet === undefined ? replaces : !Number.isFinite(countOf(scaleSet.jobs));
  return {
    ...others,
    // Those of a scale set come with its jobs.
    ...(runners === undefined || scaleSet !== undefined ? {} : { runners }),
    ...(throughSet === true ? { throughSet } : {}),
    ...(scaleSet === undefined
      ? {}
      : {
          jobs: jobsText(scaleSet.jobs),
          minRunners: scaleSet.minRunners,
          ...(scaleSet.maxRunners === NO_MAXIMUM ? {} : { maxRunners: scaleSet.maxRunners }),
        }),
    ...(isEndless ? { horizon: duration(Math.ceil(untilUs / 1e6) * 1e6) } : {}),
    ...(fail === '' ? {} : { fail }),
  };
}

function latency(us: number, shape: LatencyShape | undefined): string | undefined {
  return shape === undefined ? duration(us) : latencyArgument(us, shape);
}

/** As it is read back, to the microsecond. */
function duration(us: number | undefined): string | undefined {
  if (us === undefined) return undefined;
  if (us % 1_000_000 === 0) return `${us / 1_000_000}s`;
  return us % 1000 === 0 ? `${us / 1000}ms` : `${us}us`;
}

import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';

/** The launch arguments with which a run has these settings; what a launch has without them is left out. */
export function launchFields(settings: RunSettings): Readonly<Record<string, unknown>> {
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
  set('jitLatency', duration(settings.jitLatencyUs), duration(DEFAULT_SETTINGS.jitLatencyUs));
  set('apiLatency', duration(settings.apiLatencyUs), duration(DEFAULT_SETTINGS.apiLatencyUs));
  set('podStart', duration(settings.podStartUs), undefined);
  set('jobDuration', duration(settings.jobDurationUs), undefined);
  return fields;
}

/** As it is read back, to the microsecond. */
function duration(us: number | undefined): string | undefined {
  if (us === undefined) return undefined;
  if (us % 1_000_000 === 0) return `${us / 1_000_000}s`;
  return us % 1000 === 0 ? `${us / 1000}ms` : `${us}us`;
}

const UNITS_US: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** Reads durations like `200ms`, `1.5s`, `1m30s` or `0` as microseconds; undefined for anything else. */
export function parseDurationUs(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let totalUs = 0;
  for (const [, value, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|µs|ms|s|m|h)/g)) {
    totalUs += Number(value) * (UNITS_US[unit as string] as number);
  }
  return Math.round(totalUs);
}

/** Writes microseconds for people: `0`, `250 µs`, `4.0 ms`, `1.25 s`, `2 min 5 s`,
 * `11 h 59 min 15 s`; what lies before a time has a minus. */
export function formatDuration(us: number): string {
  if (us === 0) return '0';
  if (us < 0) return `-${formatDuration(-us)}`;
  if (us < 1000) return `${us} µs`;
  if (us < 1e5) return `${(us / 1e3).toFixed(1)} ms`;
  if (us < 1e6) return `${Math.round(us / 1e3)} ms`;
  if (us < 60e6) return `${(us / 1e6).toFixed(2)} s`;
  const seconds = Math.round(us / 1e6);
  const minutes = Math.floor(seconds / 60);
  const hours = minutes < 60 ? '' : `${Math.floor(minutes / 60)} h `;
  return `${hours}${minutes % 60} min ${seconds % 60} s`;
}

/** How long something has lasted, for people, in whole seconds: `50 s`, `4 min 50 s`, `7 h 25 min`. */
export function formatAge(us: number): string {
  const seconds = Math.max(0, Math.floor(us / 1e6));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

import { RELEASES } from '../reconciler/releases/releases.ts';
import type { RunSettings } from '../run/settings.ts';

/** A flag of ARC's controller that is to be changed. */
export interface FlagChange {
  readonly setting: 'workers' | 'qps' | 'burst' | 'workqueueRateLimiter';
  /** As the controller takes it. */
  readonly flag: string;
  /** Where the chart gha-runner-scale-set-controller has it, from the top. */
  readonly path: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** The flags in which settings differ, for a version of the chart. */
export function flagChanges(from: RunSettings, to: RunSettings, version: string): FlagChange[] {
  const { switches } = RELEASES.get(to.mode);
  const flags: readonly (Pick<FlagChange, 'setting' | 'flag' | 'path'> & { readonly since: 3832 | 3848 | 4451 })[] = [
    {
      setting: 'workers',
      flag: '--runner-max-concurrent-reconciles',
      // The template of 0.10.0 reads it at the top, where its values do not have it.
      path: [...(version === '0.10.0' ? [] : ['flags']), 'runnerMaxConcurrentReconciles'],
      since: 3832,
    },
    {
      setting: 'qps',
      flag: '--k8s-client-rate-limiter-qps',
      path: ['flags', 'k8sClientRateLimiterQPS'],
      since: 3848,
    },
    {
      setting: 'burst',
      flag: '--k8s-client-rate-limiter-burst',
      path: ['flags', 'k8sClientRateLimiterBurst'],
      since: 3848,
    },
    {
      setting: 'workqueueRateLimiter',
      flag: '--workqueue-rate-limiter',
      path: ['flags', 'rateLimiter', 'name'],
      since: 4451,
    },
  ];
  return flags.flatMap(({ since, ...flag }) => {
    const [before, after] = [from[flag.setting], to[flag.setting]];
    if (after === undefined || before === after || !switches.has(since)) return [];
    return [{ ...flag, from: textOf(before), to: String(after) }];
  });
}

/** Whether flags of the release change all of that; those of releases that were never published do not. */
export function hasFlagsFor(from: RunSettings, to: RunSettings): boolean {
  const changed = (['workers', 'qps', 'burst'] as const).filter((setting) => from[setting] !== to[setting]);
  const flags = new Set<string>(flagChanges(from, to, '').map(({ setting }) => setting));
  return changed.every((setting) => flags.has(setting));
}

/** A rate that is estimated from a log is no round number. */
function textOf(value: number | string | undefined): string {
  return typeof value === 'number' ? String(Math.round(10 * value) / 10) : (value ?? '');
}

/**
 * The changes as values for `helm upgrade --values`, each with its reason.
 * @param comment one line, without its sign
 */
export function helmValues(changes: readonly FlagChange[], comment: (change: FlagChange) => string): string {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const change of [...changes].sort((a, b) => a.path.length - b.path.length)) {
    const above = change.path.slice(0, -1);
    for (const [depth, key] of above.entries()) {
      if (open[depth] !== key) lines.push(`${'  '.repeat(depth)}${key}:`);
    }
    open = above;
    lines.push(`${'  '.repeat(above.length)}${change.path.at(-1)}: ${change.to} # ${comment(change)}`);
  }
  return `${lines.join('\n')}\n`;
}

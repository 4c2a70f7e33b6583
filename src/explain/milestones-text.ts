import { t } from '@vscode/l10n';
import { MILESTONES, milestonesOf, type MilestoneName } from '../analysis/milestones.ts';
import { formatDuration } from '../base/duration.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * What a runner came by and when, counted from the beginning of its run: `created 4.76 ms · registered 263 ms`. Of what
 * is known as an interval both ends are given. Empty where nothing is known.
 */
export function milestonesText(trace: TraceLog, runner: string, originUs: number): string {
  const milestones = milestonesOf(trace, runner).get(runner) ?? {};
  const sinceOrigin = (us: number): string => formatDuration(Math.max(0, us - originUs));
  return MILESTONES.flatMap((name) => {
    const milestone = milestones[name];
    if (milestone === undefined) return [];
    const { atUs, untilUs } = milestone;
    return [`${wordsOf(name)} ${sinceOrigin(atUs)}${untilUs === undefined ? '' : `–${sinceOrigin(untilUs)}`}`];
  }).join(' · ');
}

function wordsOf(name: MilestoneName): string {
  switch (name) {
    case 'created':
      return t('created');
    case 'firstPass':
      return t('first pass');
    case 'registered':
      return t('registered');
    case 'secret':
      return t('secret');
    case 'pod':
      return t('pod');
    case 'scheduled':
      return t('scheduled');
    case 'running':
      return t('running');
    case 'ready':
      return t('ready');
    case 'finished':
      return t('finished');
    case 'deleted':
      return t('deleted');
  }
}

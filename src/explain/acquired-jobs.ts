import { t } from '@vscode/l10n';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * Says of a release whose listener acquires no jobs (scaleset 0.2.0, since pull request 4383) that a service that waits for
 * it gives it none; empty for any other.
 */
export function notAcquiredText({ header: { release = '' } }: Pick<TraceLog, 'header'>): string {
  const known = RELEASES.find(release);
  if (known === undefined || !known.switches.has(4383) || known.actions.acquiresJobs) return '';
  return t(
    'the listener of {0} acquires no jobs, and the service of the lab gives a scale set only those that it has acquired, as GitHub Enterprise Server does (actions/scaleset issue 75). Take 0.14.2, whose listener acquires them again.',
    release,
  );
}

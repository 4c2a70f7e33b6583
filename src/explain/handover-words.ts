import { t } from '@vscode/l10n';
import { inWords, runnersText } from '../base/count-words.ts';
import type { HandoverOutcome } from '../run/handover.ts';

/**
 * What a release did with what an earlier one left, in sentences: what happened, why, and what to do.
 * @param to id of the release that took over
 * @param wantsTimes whether it reads times in a runner's failures, or `true`
 */
export function handoverText(to: string, outcome: HandoverOutcome, wantsTimes: boolean): string {
  const { from, runners, takenDown, made, unreadable, wrongIds, heldSets } = outcome;
  const { deletedScaleSets, leftListeners, leftSets } = outcome;
  const lines: string[] = [];
  if (unreadable.length > 0) {
    const [wrote, reads] = wantsTimes ? [t('true'), t('times')] : [t('times'), t('true')];
    lines.push(
      t(
        '{0} starts no worker: {1} wrote {2} into status.failures of {3}, where {0} reads {4}, and one such runner makes its list of all runners fail. Delete it, or empty its status.failures.',
        ...[to, from, wrote, inWords(unreadable), reads],
      ),
    );
    return lines.join('\n');
  }
  const kept = runners - takenDown;
  lines.push(
    takenDown === 0
      ? t('{0} took over {1} of {2} as they were.', to, runnersText(runners), from)
      : t('{0} deleted {1} of {2}, kept {3} and created {4} new.', to, runnersText(takenDown), from, kept, made),
  );
  if (wrongIds.length > 0) {
    lines.push(
      t(
        'The status of {0} keeps the id of a registration that {1} has replaced: its removal asks the service for the wrong runner. Remove the runner in the settings of GitHub when it is done.',
        ...[inWords(wrongIds), to],
      ),
    );
  }
  for (const { name, version } of deletedScaleSets) {
    lines.push(
      t(
        '{0} deleted the scale set {1} with its runners and its registration: its label app.kubernetes.io/version names {2}. Install it again with the chart of {0}.',
        ...[to, name, version],
      ),
    );
  }
  for (const name of leftListeners) {
    lines.push(
      t(
        'The listener {0} of {1} stays, and {2} does not look after it: a second listener of its scale set gets no session while it runs. Delete this AutoscalingListener.',
        ...[name, from, to],
      ),
    );
  }
  for (const name of leftSets) {
    lines.push(
      t(
        'The set {0} of {1} stays with its runners beside the one that {2} made for the same scale set. Delete it when its runners have no job.',
        ...[name, from, to],
      ),
    );
  }
  for (const { name, finalizer } of heldSets) {
    lines.push(
      t(
        'The set {0} has the finalizer {1} of {2}, which {3} never removes. After deleting the set, remove that finalizer by hand.',
        ...[name, finalizer, from, to],
      ),
    );
  }
  return lines.join('\n');
}

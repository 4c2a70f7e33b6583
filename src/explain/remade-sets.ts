import { t } from '@vscode/l10n';
import { timesText } from '../base/count-words.ts';
import { SET_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * Says of a release that makes a set again and again whose runners GitHub does not take (ARC's issue 4600) how often it has,
 * and why; empty where no set was deleted for that.
 */
export function remadeSetsText({ header, rows: { objects, words } }: TraceLog): string {
  let times = 0;
  for (let row = 0; row < objects.object.length; row++) {
    if (objects.deleted.get(row) !== 1 || words.textOf(objects.kind.get(row)) !== SET_KIND) continue;
    if (words.textOf(objects.phase.get(row)) === 'Outdated') times++;
  }
  return times === 0
    ? ''
    : t(
        '{0} has deleted the set of runners and made it again of the same template {1}: the phase of the set became Outdated, that of the scale set did not, so there is no end to it (ARC issue 4600). Set a newer image of the runner.',
        ...[header.release ?? 'ARC', timesText(times)],
      );
}

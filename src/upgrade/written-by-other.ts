import { t } from '@vscode/l10n';
import { counted, thousands } from '../base/count-words.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import { unreadable } from '../reconciler/unreadable.ts';
import type { Crossing } from './crossing.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * What objects hold that the version that runs never writes, in sentences: another one wrote it, and may be what really runs. It
 * may also be left from before, as after a downgrade.
 */
export function writtenByOther({ from: { name }, had }: Crossing, snapshot: Snapshot): readonly string[] {
  const runners = snapshot.of(EphemeralRunners);
  const failed = runners.filter((runner) => unreadable(runner, had) !== undefined).length;
  const [other, own] = had.has(4059) ? ['true', 'times'] : ['times', 'true'];
  const withJobId = had.has(4239) ? 0 : runners.filter(({ status }) => (status?.jobId ?? '') !== '').length;
  return [
    ...(failed === 0
      ? []
      : [
          counted(
            failed,
            t(
              '1 runner has {1} in status.failures, where {0} writes {2}: another version wrote that. If it is what runs, say so with --from; {0} starts no worker with it.',
              name,
              other,
              own,
            ),
            t(
              '{3} runners have {1} in status.failures, where {0} writes {2}: another version wrote that. If it is what runs, say so with --from; {0} starts no worker with it.',
              name,
              other,
              own,
              thousands(failed),
            ),
          ),
        ]),
    ...(withJobId === 0
      ? []
      : [
          counted(
            withJobId,
            t(
              '1 runner has status.jobId, which {0} does not write: another version did. If it is what runs, say so with --from.',
              name,
            ),
            t(
              '{1} runners have status.jobId, which {0} does not write: another version did. If it is what runs, say so with --from.',
              name,
              thousands(withJobId),
            ),
          ),
        ]),
  ];
}

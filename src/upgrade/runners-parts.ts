import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { RUNNER_POD_LABEL } from '../reconciler/names.ts';
import type { Snapshot } from './snapshot.ts';

/** Pods of runners: a dump of a cluster holds all others too. */
export function runnerPodsIn(snapshot: Snapshot): readonly Pod[] {
  return snapshot
    .of(Pods)
    .filter(
      ({ metadata: { labels, ownerReferences } }) =>
        labels?.[RUNNER_POD_LABEL] !== undefined ||
        ownerReferences?.some(({ kind }) => kind === EphemeralRunners.kind) === true,
    );
}

/** Runners that are not done and not on their way out. */
export function liveRunnersIn(snapshot: Snapshot): readonly EphemeralRunner[] {
  return snapshot
    .of(EphemeralRunners)
    .filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    );
}

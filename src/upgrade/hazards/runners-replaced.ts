import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { EphemeralRunners, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import { INTEGRITY_ANNOTATION } from '../../reconciler/runner-set/names.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { liveRunnersIn } from '../runners-parts.ts';
import { shown } from '../words.ts';

/** Since pull request 4516 a set without the hash of its spec replaces its idle runners. */
export const runnersReplaced: HazardRule = {
  id: 'runners-replaced',
  looksFor: () => t('idle runners that would be replaced'),
  kinds: [EphemeralRunnerSets, EphemeralRunners],
  isCrossed: (crossing) => crossing.gains(4516),
  find: ({ to }, snapshot) => {
    const sets = new Map(
      snapshot
        .of(EphemeralRunnerSets)
        .filter(({ metadata }) => metadata.annotations?.[INTEGRITY_ANNOTATION] === undefined)
        .map((set) => [set.metadata.uid, set]),
    );
    // One whose job has no jobId is not removed either: GitHub refuses.
    const runners = liveRunnersIn(snapshot).filter(
      ({ metadata, status }) =>
        (status?.jobId ?? '') === '' &&
        (status?.jobRequestId ?? 0) === 0 &&
        metadata.ownerReferences?.some(({ uid }) => sets.has(uid)) === true,
    );
    if (runners.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: counted(
        runners.length,
        t('{0} removes 1 idle runner and makes another: the set has no integrity hash.', to.name),
        t(
          '{0} removes {1} idle runners and makes others: the set has no integrity hash.',
          to.name,
          thousands(runners.length),
        ),
      ),
      details: [t('Jobs that come meanwhile wait for the new pods.')],
      objects: runners.map((runner) => shown(runner, t('no status.jobId'))),
      actions: runners.map((runner) => ({
        stage: 'settle',
        does: t('upgrade while few jobs come; this shows how many runners are busy'),
        command: kubectl(snapshot, runner.metadata.namespace ?? '', 'get', 'ephemeralrunners'),
        of: runner,
      })),
      confidence: 'sure',
    };
  },
};

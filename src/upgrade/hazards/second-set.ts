import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { AutoscalingRunnerSets, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { shown } from '../words.ts';

/** Since pull request 4516 a scale set's runner set has its name; one of a generated name stays beside it. */
export const secondSet: HazardRule = {
  id: 'second-set',
  looksFor: () => t('runner sets with a generated name'),
  kinds: [EphemeralRunnerSets, AutoscalingRunnerSets],
  isCrossed: (crossing) => crossing.gains(4516),
  find: ({ to }, snapshot) => {
    const sets = snapshot
      .of(EphemeralRunnerSets)
      .filter(({ metadata: { name, ownerReferences = [] } }) =>
        ownerReferences.some((owner) => owner.kind === AutoscalingRunnerSets.kind && owner.name !== name),
      );
    if (sets.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: counted(
        sets.length,
        t('{0} makes a new runner set beside 1 set with a generated name, which stays.', to.name),
        t(
          '{0} makes a new runner set beside {1} sets with generated names, which stay.',
          to.name,
          thousands(sets.length),
        ),
      ),
      details: [t('The new set has the name of its scale set; nobody scales the old one any more.')],
      objects: sets.map((set) => shown(set, `of ${set.metadata.ownerReferences?.[0]?.name ?? ''}`)),
      actions: sets.map((set) => {
        const { name, namespace = '' } = set.metadata;
        return {
          stage: 'after',
          does: t('delete the old set {0} once its jobs have ended', name),
          command: kubectl(snapshot, namespace, 'delete', 'ephemeralrunnerset', name, '--wait=false'),
          of: set,
        };
      }),
      confidence: 'likely',
    };
  },
};

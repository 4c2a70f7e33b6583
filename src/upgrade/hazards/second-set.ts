import { AutoscalingRunnerSets, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { doing, shown } from '../words.ts';

/** Since pull request 4516 a scale set's runner set has its name; one of a generated name stays beside it. */
export const secondSet: HazardRule = {
  id: 'second-set',
  looksFor: 'runner sets with a generated name',
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
      sentence: `${to.name} makes a new runner set beside ${doing(sets.length, 'set', 'with a generated name, which stays', 'with generated names, which stay')}.`,
      details: ['The new set has the name of its scale set; nobody scales the old one any more.'],
      objects: sets.map((set) => shown(set, `of ${set.metadata.ownerReferences?.[0]?.name ?? ''}`)),
      actions: sets.map((set) => {
        const { name, namespace = '' } = set.metadata;
        return {
          stage: 'after',
          does: `delete the old set ${name} once its jobs have ended`,
          command: kubectl(snapshot, namespace, 'delete', 'ephemeralrunnerset', name, '--wait=false'),
          of: set,
        };
      }),
      confidence: 'likely',
    };
  },
};

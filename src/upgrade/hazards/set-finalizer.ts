import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import { setFinalizerOf } from '../../reconciler/runner-set/names.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { shown } from '../words.ts';

/** Pull request 4516 gave sets another finalizer; each side takes off its own alone. */
export const setFinalizer: HazardRule = {
  id: 'set-finalizer',
  looksFor: () => t('sets that could never be deleted again'),
  kinds: [EphemeralRunnerSets],
  isCrossed: (crossing) => crossing.gains(4516) || crossing.loses(4516),
  find: ({ to, had, has }, snapshot) => {
    const theirs = setFinalizerOf(had);
    const sets = snapshot.of(EphemeralRunnerSets).filter(({ metadata }) => metadata.finalizers?.includes(theirs));
    if (sets.length === 0) return undefined;
    return {
      severity: 'error',
      sentence: counted(
        sets.length,
        t('1 set could never be deleted again: {0} does not take off the finalizer of the version before.', to.name),
        t(
          '{1} sets could never be deleted again: {0} does not take off the finalizer of the version before.',
          to.name,
          thousands(sets.length),
        ),
      ),
      details: [t('A set that is deleted keeps its deletionTimestamp and the finalizer {0}.', theirs)],
      objects: sets.map((set) => shown(set, `finalizer ${theirs}`)),
      actions: sets.map((set) => {
        const { name, namespace = '' } = set.metadata;
        return {
          stage: 'after',
          does: t('give the set {0} the new finalizer alone', name),
          command: kubectl(
            snapshot,
            namespace,
            ...['patch', 'ephemeralrunnerset', name, '--type=merge'],
            ...['-p', JSON.stringify({ metadata: { finalizers: [setFinalizerOf(has)] } })],
          ),
          of: set,
        };
      }),
      confidence: 'sure',
    };
  },
};

import { t } from '@vscode/l10n';
import { CustomResourceDefinitions, EphemeralRunnerSets } from '../../kubernetes/resource.ts';
import { definitionOf, fieldOf, replaceDefinitions } from '../definition.ts';
import type { HazardRule } from '../hazard.ts';
import { shown } from '../words.ts';

/** Since pull request 4404 a set stops when its status says Outdated, which an older definition takes away. */
export const definitionPhase: HazardRule = {
  id: 'definition-phase',
  looksFor: () => t('a definition of EphemeralRunnerSets without status.phase'),
  kinds: [CustomResourceDefinitions],
  isCrossed: ({ has }) => has.has(4404),
  find: ({ to }, snapshot) => {
    const definition = definitionOf(snapshot, EphemeralRunnerSets);
    if (definition === undefined || fieldOf(definition, ['status', 'phase']) !== undefined) return undefined;
    return {
      severity: 'error',
      sentence: t(
        'Under {0} an outdated runner is replaced without end: the definition of EphemeralRunnerSets has no status.phase, so it is dropped.',
        to.name,
      ),
      details: [t('Every pass of a set also writes its status again, which changes nothing.')],
      objects: [shown(definition, t('no status.phase'))],
      actions: [replaceDefinitions(snapshot, to)],
      confidence: 'sure',
    };
  },
};

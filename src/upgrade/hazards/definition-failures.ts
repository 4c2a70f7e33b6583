import { t } from '@vscode/l10n';
import { CustomResourceDefinitions, EphemeralRunners } from '../../kubernetes/resource.ts';
import { definitionOf, fieldOf, replaceDefinitions } from '../definition.ts';
import type { HazardRule } from '../hazard.ts';
import { shown } from '../words.ts';

/** A schema of the other type refuses the write that counts a failure, and the pod is made again without end. */
export const definitionFailures: HazardRule = {
  id: 'definition-failures',
  looksFor: () => t('a definition of EphemeralRunners that refuses the failures of the new version'),
  kinds: [CustomResourceDefinitions],
  isCrossed: () => true,
  find: ({ to, has }, snapshot) => {
    const definition = definitionOf(snapshot, EphemeralRunners);
    const failures = definition && fieldOf(definition, ['status', 'failures', '*']);
    if (definition === undefined || failures === undefined || failures === 'open') return undefined;
    const wanted = has.has(4059) ? 'string' : 'boolean';
    const { type } = failures;
    if (typeof type !== 'string' || type === wanted) return undefined;
    return {
      severity: 'error',
      sentence: t(
        'Each failed pod is made again after 10 ms without end: the definition takes status.failures as {0}, {1} writes {2}.',
        type,
        to.name,
        wanted,
      ),
      details: [
        t(
          'The write that counts the failure is refused with 422 after the pod was deleted: no failure is ever counted, and no back-off follows.',
        ),
      ],
      objects: [shown(definition, `status.failures.*: ${type}`)],
      actions: [replaceDefinitions(snapshot, to)],
      confidence: has.has(4059) ? 'sure' : 'likely',
    };
  },
};

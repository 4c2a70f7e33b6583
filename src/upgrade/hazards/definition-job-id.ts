import { t } from '@vscode/l10n';
import { CustomResourceDefinitions, EphemeralRunners } from '../../kubernetes/resource.ts';
import { definitionOf, fieldOf, replaceDefinitions } from '../definition.ts';
import type { HazardRule } from '../hazard.ts';
import { shown } from '../words.ts';

/** Since pull request 4239 a runner has a job when its status has jobId, which an older definition takes away. */
export const definitionJobId: HazardRule = {
  id: 'definition-job-id',
  looksFor: () => t('a definition of EphemeralRunners without status.jobId'),
  kinds: [CustomResourceDefinitions],
  isCrossed: ({ has }) => has.has(4239),
  find: ({ to }, snapshot) => {
    const definition = definitionOf(snapshot, EphemeralRunners);
    if (definition === undefined || fieldOf(definition, ['status', 'jobId']) !== undefined) return undefined;
    return {
      severity: 'error',
      sentence: t(
        '{0} takes every busy runner for idle: the definition of EphemeralRunners has no status.jobId, so it is dropped.',
        to.name,
      ),
      details: [
        t(
          'A pod that fails during its job is made again after 5 s, and scaling down no longer passes over busy runners by itself.',
        ),
      ],
      objects: [shown(definition, t('no status.jobId'))],
      actions: [replaceDefinitions(snapshot, to)],
      confidence: 'sure',
    };
  },
};

import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { EphemeralRunners, Secrets } from '../../kubernetes/resource.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { liveRunnersIn } from '../runners-parts.ts';
import { shown } from '../words.ts';

/** Before pull request 4191 the status is the record: a secret that was made first holds a registration that is replaced. */
export const secretBeforeStatus: HazardRule = {
  id: 'secret-before-status',
  looksFor: () => t('runners with a secret and no registration in their status'),
  kinds: [EphemeralRunners, Secrets],
  isCrossed: (crossing) => crossing.loses(4191),
  find: ({ to }, snapshot) => {
    const secrets = new Set(snapshot.of(Secrets).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    const runners = liveRunnersIn(snapshot).filter(
      ({ metadata: { namespace, name }, status }) =>
        secrets.has(`${namespace}/${name}`) && (status?.runnerId ?? 0) === 0,
    );
    if (runners.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: counted(
        runners.length,
        t('{0} registers 1 runner again and starts its pod with the token of the removed registration.', to.name),
        t(
          '{0} registers {1} runners again and starts their pods with the token of the removed registration.',
          to.name,
          thousands(runners.length),
        ),
      ),
      details: [t('Such a pod cannot connect to GitHub.')],
      objects: runners.map((runner) => shown(runner, t('a secret, and no status.runnerId'))),
      actions: runners.map((runner) => {
        const { name, namespace = '' } = runner.metadata;
        return {
          stage: 'settle',
          does: t('wait until the controller that runs has written the status of {0}', name),
          command: kubectl(snapshot, namespace, 'get', 'ephemeralrunner', name, '-o', 'jsonpath={.status.runnerId}'),
          of: runner,
        };
      }),
      confidence: 'likely',
    };
  },
};

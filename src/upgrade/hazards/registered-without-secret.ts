import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { EphemeralRunners, Secrets } from '../../kubernetes/resource.ts';
import type { EphemeralRunner } from '../../kubernetes/types.ts';
import type { HazardRule } from '../hazard.ts';
import { kubectl } from '../commands.ts';
import { liveRunnersIn } from '../runners-parts.ts';
import type { Snapshot } from '../snapshot.ts';
import { shown } from '../words.ts';

/** Since pull request 4191 the secret is the record of a registration: without it a runner is registered again. */
export const registeredWithoutSecret: HazardRule = {
  id: 'registered-without-secret',
  looksFor: () => t('registered runners without a secret'),
  kinds: [EphemeralRunners, Secrets],
  isCrossed: (crossing) => crossing.gains(4191),
  find: ({ to }, snapshot) => {
    const runners = withoutSecret(snapshot).filter(({ status }) => (status?.runnerId ?? 0) > 0);
    if (runners.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: counted(
        runners.length,
        t('{0} registers 1 runner that has no secret again and keeps the wrong id in the status.', to.name),
        t(
          '{0} registers {1} runners that have no secret again and keeps the wrong id in the status.',
          to.name,
          thousands(runners.length),
        ),
      ),
      details: [t('Later it asks GitHub to remove a registration that is gone, and the new one is left behind.')],
      objects: runners.map((runner) =>
        shown(runner, t('status.runnerId: {0}, no secret', runner.status?.runnerId ?? 0)),
      ),
      actions: runners.map((runner) => {
        const { name, namespace = '' } = runner.metadata;
        return {
          stage: 'settle',
          does: t('have the controller that runs finish {0}: wait until its secret exists', name),
          command: kubectl(snapshot, namespace, 'get', 'secret', name),
          of: runner,
        };
      }),
      confidence: 'sure',
    };
  },
};

/** Runners that live and have no secret of their name; none where secrets could not be read. */
function withoutSecret(snapshot: Snapshot): readonly EphemeralRunner[] {
  if (snapshot.unread.has(Secrets)) return [];
  const secrets = new Set(snapshot.of(Secrets).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  return liveRunnersIn(snapshot).filter(({ metadata: { namespace, name } }) => !secrets.has(`${namespace}/${name}`));
}

import { EphemeralRunners, Secrets } from '../../kubernetes/resource.ts';
import type { EphemeralRunner } from '../../kubernetes/types.ts';
import type { HazardRule } from '../hazard.ts';
import { kubectl } from '../commands.ts';
import type { Snapshot } from '../snapshot.ts';
import { doing, shown } from '../words.ts';

/** Since pull request 4191 the secret is the record of a registration: without it a runner is registered again. */
export const registeredWithoutSecret: HazardRule = {
  id: 'registered-without-secret',
  looksFor: 'registered runners without a secret',
  kinds: [EphemeralRunners, Secrets],
  isCrossed: (crossing) => crossing.gains(4191),
  find: ({ to }, snapshot) => {
    const runners = withoutSecret(snapshot).filter(
      ({ status }) => (status?.runnerId ?? 0) > 0 && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    );
    if (runners.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: `${to.name} registers ${doing(runners.length, 'runner', 'that has', 'that have')} no secret again and keeps the wrong id in the status.`,
      details: ['Later it asks GitHub to remove a registration that is gone, and the new one is left behind.'],
      objects: runners.map((runner) => shown(runner, `status.runnerId: ${runner.status?.runnerId}, no secret`)),
      actions: runners.map((runner) => {
        const { name, namespace = '' } = runner.metadata;
        return {
          stage: 'settle',
          does: `have the controller that runs finish ${name}: wait until its secret exists`,
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
  return snapshot
    .of(EphemeralRunners)
    .filter(
      ({ metadata: { namespace, name, deletionTimestamp } }) =>
        deletionTimestamp === undefined && !secrets.has(`${namespace}/${name}`),
    );
}

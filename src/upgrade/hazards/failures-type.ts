import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { EphemeralRunners } from '../../kubernetes/resource.ts';
import { unreadable } from '../../reconciler/unreadable.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule, ObjectAction } from '../hazard.ts';
import { stopController } from '../stop-controller.ts';
import { shown } from '../words.ts';

/** Pull request 4059 gave failures times in place of `true`. A list with one of the other type cannot be read as a whole. */
export const failuresType: HazardRule = {
  id: 'failures-type',
  looksFor: () => t('failures that the new version cannot read'),
  kinds: [EphemeralRunners],
  // An object may also be left from before the version that runs.
  isCrossed: () => true,
  find: ({ from, to, had, has }, snapshot) => {
    const runners = snapshot.of(EphemeralRunners).filter((runner) => unreadable(runner, has) !== undefined);
    if (runners.length === 0) return undefined;
    const isSoNow = runners.some((runner) => unreadable(runner, had) !== undefined);
    const writesSuch = had.has(4059) !== has.has(4059);
    const [written, read] = has.has(4059) ? ['true', 'times'] : ['times', 'true'];
    return {
      severity: 'error',
      sentence: counted(
        runners.length,
        t('{0} starts no worker: 1 runner has {1} in status.failures, where it reads {2}.', to.name, written, read),
        t(
          '{0} starts no worker: {3} runners have {1} in status.failures, where it reads {2}.',
          to.name,
          written,
          read,
          thousands(runners.length),
        ),
      ),
      details: [
        t(
          'One such runner makes the list of all runners fail, which is tried again for ever; no runner of any set is looked after.',
        ),
        ...(isSoNow ? [t('It is so already with {0}, which runs and reads the same.', from.name)] : []),
        ...(writesSuch
          ? [t('A pod that fails before the upgrade makes another one: check again once the controller is stopped.')]
          : []),
      ],
      objects: runners.map((runner) => shown(runner, `status.failures: ${JSON.stringify(runner.status?.failures)}`)),
      actions: runners.flatMap((runner) => {
        const { name, namespace = '' } = runner.metadata;
        const command = kubectl(
          snapshot,
          namespace,
          ...['patch', 'ephemeralrunner', name, '--subresource=status', '--type=merge'],
          ...['-p', '{"status":{"failures":null}}'],
        );
        const repairs: ObjectAction[] = [
          ...stopController(snapshot),
          { stage: 'repair', does: t('empty the failures of {0}', name), command },
        ];
        // A controller that cannot read it takes its scale set away no more.
        return unreadable(runner, had) === undefined ? repairs.map((one) => ({ ...one, of: runner })) : repairs;
      }),
      confidence: 'sure',
    };
  },
};

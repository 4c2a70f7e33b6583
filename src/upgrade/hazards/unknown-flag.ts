import { t } from '@vscode/l10n';
import { Deployments } from '../../kubernetes/resource.ts';
import type { Switches } from '../../reconciler/releases/switches.ts';
import { helm, helmReleaseOf } from '../commands.ts';
import { argumentsOf, flagOf } from '../controller-flags.ts';
import type { HazardRule } from '../hazard.ts';
import { controllersIn } from '../installed.ts';
import { shown } from '../words.ts';

/** Flags of the controller that not every release knows, and which does. */
const FLAGS: readonly { readonly flag: string; readonly isKnown: (switches: Switches) => boolean }[] = [
  { flag: '--runner-max-concurrent-reconciles', isKnown: (switches) => switches.has(3832) },
  { flag: '--k8s-client-rate-limiter-qps', isKnown: (switches) => switches.has(3848) },
  { flag: '--k8s-client-rate-limiter-burst', isKnown: (switches) => switches.has(3848) },
  { flag: '--workqueue-rate-limiter', isKnown: (switches) => switches.has(4451) },
  { flag: '--pprof-addr', isKnown: (switches) => switches.has(4451) },
  { flag: '--health-probe-bind-address', isKnown: (switches) => switches.has(4451) },
  { flag: '--update-strategy', isKnown: (switches) => !switches.has(4516) },
];

/** A process that is given a flag that it does not know ends at once. */
export const unknownFlag: HazardRule = {
  id: 'unknown-flag',
  looksFor: () => t('flags of the controller that the new version does not know'),
  kinds: [Deployments],
  isCrossed: () => true,
  find: ({ to, has }, snapshot) => {
    const found = controllersIn(snapshot).flatMap((deployment) => {
      const args = argumentsOf(deployment);
      const unknown = FLAGS.filter(({ flag, isKnown }) => !isKnown(has) && args.some((arg) => flagOf(arg) === flag));
      return unknown.length === 0 ? [] : [{ deployment, flags: unknown.map(({ flag }) => flag) }];
    });
    const [first] = found;
    if (first === undefined) return undefined;
    const release = helmReleaseOf(first.deployment);
    return {
      severity: 'warning',
      sentence: t(
        '{0} ends at once if it is started with {1}, which it does not know.',
        to.name,
        first.flags.join(', '),
      ),
      details: [t('The chart of the new version leaves the flag out; another image in the old Deployment does not.')],
      objects: found.map(({ deployment, flags }) => shown(deployment, flags.join(', '))),
      actions:
        release === undefined
          ? []
          : [
              {
                stage: 'settle',
                does: t('upgrade with the chart, and take values away that it does not know'),
                command: helm(snapshot, first.deployment.metadata.namespace ?? '', 'get', 'values', release),
              },
            ],
      confidence: 'sure',
    };
  },
};

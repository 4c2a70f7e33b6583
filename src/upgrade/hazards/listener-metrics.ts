import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { AutoscalingRunnerSets, Deployments } from '../../kubernetes/resource.ts';
import type { Switches } from '../../reconciler/releases/switches.ts';
import { kubectl } from '../commands.ts';
import { argumentsOf, flagOf } from '../controller-flags.ts';
import type { HazardRule } from '../hazard.ts';
import { controllersIn } from '../installed.ts';
import { shown } from '../words.ts';

const FLAG = '--listener-metrics-addr';

/** Pull request 4101 mended in 0.12.0, with 4016, what 3975 brought in 0.11.0. */
const crashes = (switches: Switches): boolean => switches.has(3975) && !switches.has(4016);

/** A listener that is to serve metrics reads those of its scale set, and in 0.11.0 it crashes where there are none. */
export const listenerMetrics: HazardRule = {
  id: 'listener-metrics',
  looksFor: () => t('scale sets without listenerMetrics under a controller whose listeners serve metrics'),
  kinds: [AutoscalingRunnerSets, Deployments],
  isCrossed: ({ had, has }) => crashes(has) && !crashes(had),
  find: ({ to }, snapshot) => {
    const serves = controllersIn(snapshot).some((deployment) =>
      argumentsOf(deployment).some((arg) => flagOf(arg) === FLAG && !['', '0'].includes(arg.split('=')[1] ?? '')),
    );
    const sets = snapshot.of(AutoscalingRunnerSets).filter(({ spec }) => spec.listenerMetrics === undefined);
    if (!serves || sets.length === 0) return undefined;
    return {
      severity: 'error',
      sentence: counted(
        sets.length,
        t(
          'The listener of 1 scale set crashes in {0}: it serves metrics, and its scale set has no listenerMetrics.',
          to.name,
        ),
        t(
          'The listeners of {1} scale sets crash in {0}: they serve metrics, and their scale sets have no listenerMetrics.',
          to.name,
          thousands(sets.length),
        ),
      ),
      details: [
        t('No job of these scale sets gets a runner while their listeners start again and again (ARC issue 3993).'),
        t('Give listenerMetrics in the values of the scale sets, or upgrade to 0.12.1 or later, which needs none.'),
      ],
      objects: sets.map((set) => shown(set, t('no spec.listenerMetrics'))),
      actions: sets.map(({ metadata: { name, namespace = '' } }) => ({
        stage: 'after',
        does: t('see that the scale set {0} has listenerMetrics', name),
        command: kubectl(
          snapshot,
          namespace,
          ...['get', 'autoscalingrunnerset', name, '-o', 'jsonpath={.spec.listenerMetrics}'],
        ),
      })),
      confidence: 'likely',
    };
  },
};

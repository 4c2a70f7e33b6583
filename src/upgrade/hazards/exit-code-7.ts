import { t } from '@vscode/l10n';
import { podsText } from '../../base/count-words.ts';
import { Pods } from '../../kubernetes/resource.ts';
import { OUTDATED_EXIT_CODE, RUNNER_CONTAINER } from '../../reconciler/names.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { runnerPodsIn } from '../runners-parts.ts';
import { shown } from '../words.ts';

/** Since pull request 4404 the exit code 7 says that GitHub takes the runner's version no more. */
export const exitCode7: HazardRule = {
  id: 'exit-code-7',
  looksFor: () => t('runner containers that ended with 7'),
  kinds: [Pods],
  isCrossed: (crossing) => crossing.gains(4404),
  find: ({ to, has }, snapshot) => {
    const pods = runnerPodsIn(snapshot).filter(({ status }) =>
      status?.containerStatuses?.some(
        ({ name, state, lastState }) =>
          name === RUNNER_CONTAINER &&
          [state, lastState].some((one) => one?.terminated?.exitCode === OUTDATED_EXIT_CODE),
      ),
    );
    if (pods.length === 0) return undefined;
    const which = podsText(pods.length);
    return {
      severity: 'warning',
      sentence: has.has(4516)
        ? t('The runner of {0} ended with 7, on which {1} takes the listener of the scale set away.', which, to.name)
        : t('The runner of {0} ended with 7, on which {1} deletes the scale set at GitHub.', which, to.name),
      details: [
        t(
          'Until now 7 was a failure like others. It means that GitHub no longer takes the version of the runner; an image of your own may use it for something else.',
        ),
      ],
      objects: pods.map((pod) => shown(pod, t('container {0} ended with {1}', RUNNER_CONTAINER, OUTDATED_EXIT_CODE))),
      actions: pods.map((pod) => {
        const { name, namespace = '' } = pod.metadata;
        return {
          stage: 'settle',
          does: t('see why the runner of {0} ended, and give it a newer image or another exit code', name),
          command: kubectl(snapshot, namespace, 'logs', name, '-c', RUNNER_CONTAINER),
          of: pod,
        };
      }),
      confidence: 'sure',
    };
  },
};

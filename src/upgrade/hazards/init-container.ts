import { t } from '@vscode/l10n';
import { podsText } from '../../base/count-words.ts';
import { Pods } from '../../kubernetes/resource.ts';
import type { ContainerStatus } from '../../kubernetes/types.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { runnerPodsIn } from '../runners-parts.ts';
import { shown } from '../words.ts';

/** Since pull request 4457 the first failing try of an init container fails the pod, also where the kubelet would try again. */
export const initContainer: HazardRule = {
  id: 'init-container',
  looksFor: () => t('runner pods with an init container that failed and was tried again'),
  kinds: [Pods],
  isCrossed: (crossing) => crossing.gains(4457),
  find: ({ to }, snapshot) => {
    const found = runnerPodsIn(snapshot).flatMap((pod) => {
      const container = pod.status?.initContainerStatuses?.find(hasFailed);
      return container === undefined ? [] : [{ pod, container }];
    });
    if (found.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: t(
        '{0} deletes a pod at the first failure of an init container; in {1} one was tried again until now.',
        to.name,
        podsText(found.length),
      ),
      details: [t('Each such failure counts as one of the five that a runner may have.')],
      objects: found.map(({ pod, container }) =>
        shown(pod, t('init container {0} ended with {1}', container.name, codeOf(container))),
      ),
      actions: found.map(({ pod, container }) => ({
        stage: 'settle',
        does: t('see why {0} of {1} failed', container.name, pod.metadata.name),
        command: kubectl(
          snapshot,
          pod.metadata.namespace ?? '',
          'logs',
          pod.metadata.name,
          '-c',
          container.name,
          '--previous',
        ),
        of: pod,
      })),
      confidence: 'sure',
    };
  },
};

function hasFailed(container: ContainerStatus): boolean {
  return codeOf(container) !== 0;
}

/** How its last try ended, or the one before. */
function codeOf({ state, lastState }: ContainerStatus): number {
  return state?.terminated?.exitCode ?? lastState?.terminated?.exitCode ?? 0;
}

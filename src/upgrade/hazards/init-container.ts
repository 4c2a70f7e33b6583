import { Pods } from '../../kubernetes/resource.ts';
import type { ContainerStatus } from '../../kubernetes/types.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { doing, shown } from '../words.ts';

/** Since pull request 4457 the first failing try of an init container fails the pod, also where the kubelet would try again. */
export const initContainer: HazardRule = {
  id: 'init-container',
  looksFor: 'runner pods with an init container that failed and was tried again',
  kinds: [Pods],
  isCrossed: (crossing) => crossing.gains(4457),
  find: ({ to }, snapshot) => {
    const found = snapshot.of(Pods).flatMap((pod) => {
      const container = pod.status?.initContainerStatuses?.find(hasFailed);
      return container === undefined ? [] : [{ pod, container }];
    });
    if (found.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: `${to.name} deletes a pod at the first failure of an init container; in ${doing(found.length, 'pod', 'one was', 'one was')} tried again until now.`,
      details: ['Each such failure counts as one of the five that a runner may have.'],
      objects: found.map(({ pod, container }) =>
        shown(pod, `init container ${container.name} ended with ${codeOf(container)}`),
      ),
      actions: found.map(({ pod, container }) => ({
        stage: 'settle',
        does: `see why ${container.name} of ${pod.metadata.name} failed`,
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

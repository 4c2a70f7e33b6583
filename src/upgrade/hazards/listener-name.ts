import { AutoscalingListeners, AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import { listenerName } from '../../reconciler/autoscaling-runner-set/listener-name.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { doing, shown } from '../words.ts';

/** Pull request 4299 gave listeners other names: the new controller makes a second one beside the old. */
export const listenerNames: HazardRule = {
  id: 'listener-name',
  looksFor: 'listeners that the new controller would not find by name',
  kinds: [AutoscalingListeners, AutoscalingRunnerSets],
  isCrossed: (crossing) => crossing.gains(4299) || crossing.loses(4299),
  find: ({ to, has }, snapshot) => {
    const expected = new Map(
      snapshot
        .of(AutoscalingRunnerSets)
        .map((set) => [`${set.metadata.namespace}/${set.metadata.name}`, listenerName(set, has)]),
    );
    const listeners = snapshot.of(AutoscalingListeners).filter(({ metadata, spec }) => {
      const wanted = expected.get(`${spec.autoscalingRunnerSetNamespace}/${spec.autoscalingRunnerSetName}`);
      return wanted !== metadata.name;
    });
    if (listeners.length === 0) return undefined;
    return {
      severity: 'error',
      sentence: `${to.name} makes a second listener beside ${doing(listeners.length, 'listener', 'that it', 'that it')} looks for under another name; one session serves one.`,
      details: [
        'The old one has no owner and stays; GitHub answers 409 to the second, which gets no jobs until the first is gone.',
      ],
      objects: listeners.map((listener) => {
        const { autoscalingRunnerSetNamespace: namespace, autoscalingRunnerSetName: name } = listener.spec;
        const wanted = expected.get(`${namespace}/${name}`);
        return shown(listener, wanted === undefined ? `of ${namespace}/${name}` : `looked for as ${wanted}`);
      }),
      actions: listeners.map((listener) => {
        const { name, namespace = '' } = listener.metadata;
        return {
          stage: 'after',
          does: `delete the old listener ${name}, if it is still there`,
          command: kubectl(snapshot, namespace, 'delete', 'autoscalinglistener', name, '--ignore-not-found'),
          of: listener,
        };
      }),
      confidence: 'likely',
    };
  },
};

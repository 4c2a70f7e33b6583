import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { AutoscalingListeners, AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import { listenerName } from '../../reconciler/autoscaling-runner-set/listener-name.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { shown } from '../words.ts';

/** Pull request 4299 gave listeners other names: the new controller makes a second one beside the old. */
export const listenerNames: HazardRule = {
  id: 'listener-name',
  looksFor: () => t('listeners that the new controller would not find by name'),
  kinds: [AutoscalingListeners, AutoscalingRunnerSets],
  isCrossed: (crossing) => crossing.gains(4299) || crossing.loses(4299) || crossing.from.name === crossing.to.name,
  find: ({ from, to, has }, snapshot) => {
    const expected = new Map(
      snapshot
        .of(AutoscalingRunnerSets)
        .map((set) => [`${set.metadata.namespace}/${set.metadata.name}`, listenerName(set, has)]),
    );
    const wantedFor = ({ spec }: AutoscalingListener): string | undefined =>
      expected.get(`${spec.autoscalingRunnerSetNamespace}/${spec.autoscalingRunnerSetName}`);
    // For a listener whose scale set is gone, or was not read, nobody is known to make a second.
    const listeners = snapshot.of(AutoscalingListeners).filter((listener) => {
      const wanted = wantedFor(listener);
      return wanted !== undefined && wanted !== listener.metadata.name;
    });
    if (listeners.length === 0) return undefined;
    return {
      severity: 'error',
      sentence:
        from.name === to.name
          ? besideText(listeners.length, to.name)
          : counted(
              listeners.length,
              t(
                '{0} makes a second listener beside 1 listener that it looks for under another name; one session serves one.',
                to.name,
              ),
              t(
                '{0} makes a second listener beside {1} listeners that it looks for under another name; one session serves one.',
                to.name,
                thousands(listeners.length),
              ),
            ),
      details: [
        t(
          'The old one has no owner and stays; GitHub answers 409 to the second, which gets no jobs until the first is gone.',
        ),
      ],
      objects: listeners.map((listener) => shown(listener, t('looked for as {0}', wantedFor(listener) ?? ''))),
      actions: listeners.map((listener) => {
        const { name, namespace = '' } = listener.metadata;
        return {
          stage: 'after',
          does: t('delete the old listener {0}, if it is still there', name),
          command: kubectl(snapshot, namespace, 'delete', 'autoscalinglistener', name, '--ignore-not-found'),
          of: listener,
        };
      }),
      confidence: 'likely',
    };
  },
};

/** Where the version runs already. */
function besideText(listeners: number, version: string): string {
  return counted(
    listeners,
    t('{0} does not know 1 listener by its name, and makes a second beside it; one session serves one.', version),
    t(
      '{0} does not know {1} listeners by their names, and makes others beside them; one session serves one.',
      version,
      thousands(listeners),
    ),
  );
}

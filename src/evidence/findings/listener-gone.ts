import type { Finding, Rule } from '../finding.ts';
import { formatUs, readStamp } from '../moment.ts';
import type { Found } from '../reading.ts';
import type { Pod } from '../../kubernetes/types.ts';
import { count } from '../words.ts';

const ADVICE =
  'No job becomes a runner without its listener. Read its previous log (kubectl logs --previous) and the lines of AutoscalingListener in the log of the controller.';

/** Scale sets whose listener is not there or does not run: jobs wait at GitHub and nobody hears of them. */
export const listenerGone: Rule = (reading) => {
  const { listeners, pods, sets } = reading.objects;
  // Where nobody has asked for listeners, or for the pods beside them, that none is there says nothing.
  const ofSets = listeners.length === 0 ? [] : sets.filter(({ object }) => object.kind === 'AutoscalingRunnerSet');
  const heard = new Set(
    listeners.map(({ object: { spec } }) => `${spec?.autoscalingRunnerSetNamespace}/${spec?.autoscalingRunnerSetName}`),
  );
  const without = ofSets.flatMap(({ object: { metadata, status }, seen }) => {
    const { name, namespace = '', deletionTimestamp } = metadata;
    if (heard.has(`${namespace}/${name}`) || deletionTimestamp !== undefined || status?.['phase'] === 'Outdated')
      return [];
    return [
      finding(
        `Scale set ${name} has no listener, while ${count(listeners.length, 'other has', 'others have')} one.`,
        seen,
      ),
    ];
  });
  const namespaces = new Set([...pods.values()].map(({ object }) => object.metadata.namespace));
  const notRunning = listeners.flatMap(({ object, seen }) => {
    const { name, namespace = '', deletionTimestamp } = object.metadata;
    const pod = pods.get(`${namespace}/${name}`);
    const ofSet = `The listener of scale set ${object.spec?.autoscalingRunnerSetName ?? name}`;
    if (deletionTimestamp !== undefined) return [];
    if (pod !== undefined) return ofPod(ofSet, pod);
    return namespaces.has(namespace)
      ? [{ ...finding(`${ofSet} has no pod.`, seen), confidence: 'likely' as const }]
      : [];
  });
  return [...without, ...notRunning];
};

function ofPod(ofSet: string, { object, seen, phaseSeen }: Found<Pod>): Finding[] {
  const { phase, containerStatuses = [] } = object.status ?? {};
  const [status] = containerStatuses;
  const waiting = status?.state?.waiting?.reason;
  const ended = status?.state?.terminated ?? status?.lastState?.terminated;
  const isDown = waiting !== undefined || status?.state?.terminated !== undefined || phase === 'Failed';
  if (!isDown || waiting === 'ContainerCreating') return [];
  const restarts = status?.restartCount ?? 0;
  const how = [
    waiting ?? 'ended',
    ...(ended === undefined ? [] : [`exit code ${ended.exitCode}`]),
    ...(restarts === 0 ? [] : [count(restarts, 'restart')]),
  ].join(', ');
  const since = readStamp(ended?.finishedAt ?? '')?.moment.us;
  const at = since === undefined ? [] : [`It ended last at ${formatUs(since).slice(0, 19)}Z.`];
  return [
    { ...finding(`${ofSet} does not run: ${how}.`, phaseSeen), details: at, evidence: [{ at: seen, says: how }] },
  ];
}

function finding(sentence: string, at: Found<Pod>['seen']): Finding {
  return {
    id: 'listener-gone',
    severity: 'error',
    sentence,
    details: [],
    runners: [],
    evidence: [{ at, says: 'what was given of it' }],
    confidence: 'sure',
    advice: ADVICE,
    weightUs: 1e6,
  };
}

import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import { formatUs, readStamp } from '../moment.ts';
import type { Found } from '../reading.ts';
import type { Pod } from '../../kubernetes/types.ts';

const advice = (): string =>
  t(
    'No job becomes a runner without its listener. Read its previous log (kubectl logs --previous) and the lines of AutoscalingListener in the log of the controller.',
  );

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
        counted(
          listeners.length,
          t('Scale set {0} has no listener, while 1 other has one.', name),
          t('Scale set {0} has no listener, while {1} others have one.', name, thousands(listeners.length)),
        ),
        seen,
      ),
    ];
  });
  const namespaces = new Set([...pods.values()].map(({ object }) => object.metadata.namespace));
  const notRunning = listeners.flatMap(({ object, seen }) => {
    const { name, namespace = '', deletionTimestamp } = object.metadata;
    const pod = pods.get(`${namespace}/${name}`);
    const ofSet = t('The listener of scale set {0}', object.spec?.autoscalingRunnerSetName ?? name);
    if (deletionTimestamp !== undefined) return [];
    if (pod !== undefined) return ofPod(ofSet, pod);
    return namespaces.has(namespace)
      ? [{ ...finding(t('{0} has no pod.', ofSet), seen), confidence: 'likely' as const }]
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
    waiting ?? t('ended'),
    ...(ended === undefined ? [] : [t('exit code {0}', ended.exitCode)]),
    ...(restarts === 0 ? [] : [counted(restarts, t('1 restart'), t('{0} restarts', thousands(restarts)))]),
  ].join(', ');
  const since = readStamp(ended?.finishedAt ?? '')?.moment.us;
  const at = since === undefined ? [] : [t('It ended last at {0}Z.', formatUs(since).slice(0, 19))];
  return [
    {
      ...finding(t('{0} does not run: {1}.', ofSet, how), phaseSeen),
      details: at,
      evidence: [{ at: seen, says: how }],
    },
  ];
}

function finding(sentence: string, at: Found<Pod>['seen']): Finding {
  return {
    id: 'listener-gone',
    severity: 'error',
    sentence,
    details: [],
    runners: [],
    evidence: [{ at, says: t('what was given of it') }],
    confidence: 'sure',
    advice: advice(),
    weightUs: 1e6,
  };
}

import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import { toSecond } from '../moment.ts';
import { keyOf, type Found, type Reading } from '../reading.ts';
import { shortened } from '../words.ts';
import type { Pod } from '../../kubernetes/types.ts';
import { arcPodProblem } from '../../problems/arc-pod-problem.ts';
import { arcRole } from '../../reconciler/arc-pods.ts';
import { SCALE_SET_NAME_LABEL } from '../../reconciler/labels.ts';
import { clean } from '../clean.ts';

const PATIENCE_US = 60e6;

const advice = (): string =>
  t(
    'No job becomes a runner without its listener. Read the lines of AutoscalingListener in the log of the controller.',
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
    const ofSet = listenerOf(object.spec?.autoscalingRunnerSetName ?? name);
    if (deletionTimestamp !== undefined) return [];
    if (pod !== undefined) return ofPod(reading, ofSet, pod);
    // While a cluster is watched, a listener that has just been made may have no pod yet.
    const isYoung = reading.isLive && reading.objects.latestUs - seen.at.us < PATIENCE_US;
    return namespaces.has(namespace) && !isYoung
      ? [{ ...finding(t('{0} has no pod.', ofSet), seen), confidence: 'likely' as const }]
      : [];
  });
  const known = new Set(listeners.map(({ object }) => keyOf(object)));
  const alone = [...pods.values()].filter(({ object }) => arcRole(object) === 'listener' && !known.has(keyOf(object)));
  return [...without, ...notRunning, ...alone.flatMap((found) => ofPodAlone(reading, found))];
};

/** Listeners whose objects nobody has asked for, by their pods. */
function ofPodAlone(reading: Reading, found: Found<Pod>): Finding[] {
  const { name, labels } = found.object.metadata;
  return ofPod(reading, listenerOf(labels?.[SCALE_SET_NAME_LABEL] ?? name), found);
}

function listenerOf(scaleSet: string): string {
  return t('The listener of scale set {0}', scaleSet);
}

function ofPod({ objects: { latestUs } }: Reading, ofSet: string, { object, seen, phaseSeen }: Found<Pod>): Finding[] {
  const problem = arcPodProblem(object, latestUs, clean);
  if (problem === undefined) return [];
  const { how, sinceUs, advice } = problem;
  const sentence = t('{0} does not run: {1}.', ofSet, how);
  const short = shortened(sentence, 24);
  return [
    {
      ...finding(short, phaseSeen),
      details: [
        ...(sinceUs === undefined ? [] : [t('Since {0}Z.', toSecond(sinceUs))]),
        ...(short === sentence ? [] : [sentence]),
      ],
      evidence: [{ at: seen, says: how }],
      advice: t('No job becomes a runner without its listener. {0}', advice),
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

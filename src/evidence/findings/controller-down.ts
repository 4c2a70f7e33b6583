import { t } from '@vscode/l10n';
import { runnersText, thousands, timesText } from '../../base/count-words.ts';
import { groupBy } from '../../base/group.ts';
import type { ContainerStatus, Pod, Workload } from '../../kubernetes/types.ts';
import {
  arcPodProblem,
  isTelling,
  moreMemory,
  previousLog,
  type ArcPodProblem,
} from '../../problems/arc-pod-problem.ts';
import { arcRole } from '../../reconciler/arc-pods.ts';
import { clean } from '../clean.ts';
import type { Finding, Rule } from '../finding.ts';
import { isOnItsWay } from '../missing-from-objects.ts';
import { readStamp, timeOfDay, toSecond } from '../moment.ts';
import { keyOf, type Found, type Reading } from '../reading.ts';
import { shortened } from '../words.ts';

/** A controller that is ready later than this after its start has a trouble. */
const PATIENCE_US = 60e6;
/** One that ends this often, and lately, does not work in between either. */
const RESTARTS = 3;
const LATELY_US = 600e6;

/** Controllers whose pods do not run, by the pods or else by their deployment: nothing happens to runners meanwhile. */
export const controllerDown: Rule = (reading) => {
  const pods = [...reading.objects.pods.values()].filter(
    ({ object }) => arcRole(object) === 'controller' && object.metadata.deletionTimestamp === undefined,
  );
  if (pods.length === 0) return reading.objects.controllers.flatMap((found) => ofDeployment(reading, found));
  const installations = groupBy(pods, ({ object }) => installationOf(object));
  return [...installations.values()].flatMap((group) => ofPods(reading, group, installations.size > 1));
};

/** Several may be installed, each with pods of its own. */
function installationOf({ metadata: { namespace, labels = {} } }: Pod): string {
  return `${namespace}/${labels['app.kubernetes.io/instance'] ?? ''}`;
}

function ofPods(reading: Reading, group: readonly Found<Pod>[], hasOthers: boolean): Finding[] {
  const { latestUs } = reading.objects;
  const judged = group.map((found) => ({ found, problem: arcPodProblem(found.object, latestUs, clean) }));
  const down = judged.flatMap(({ found, problem }) => (problem === undefined ? [] : [{ found, problem }]));
  const [first] = down;
  if (first === undefined) return group.flatMap((found) => restarted(reading, found) ?? notReady(reading, found) ?? []);
  const { found, problem } = first;
  if (down.length === group.length) {
    return [{ ...finding(reading, found, problem, downText(reading, hasOthers)), severity: 'error' }];
  }
  // Evicted pods are left behind by the one that has taken their place.
  if (found.object.status?.phase === 'Failed') return [];
  const who = t('Pod {0} of the ARC controller does not run, while another does', found.object.metadata.name);
  return [{ ...finding(reading, found, problem, who), weightUs: 0 }];
}

/** Whose runners wait is not known where there are several. */
function downText({ objects: { runners, pods }, hidden }: Reading, hasOthers: boolean): string {
  const waiting = runners.filter(({ object }) => isOnItsWay(object) && !pods.has(keyOf(object))).length;
  if (waiting === 0 || hasOthers || hidden.has('Pod')) return t('The ARC controller does not run');
  return waiting === 1
    ? t('The ARC controller does not run, so 1 runner waits')
    : t('The ARC controller does not run, so {0} wait', runnersText(thousands(waiting)));
}

function ofDeployment(reading: Reading, found: Found<Workload>): Finding[] {
  const { metadata, spec, status } = found.object;
  const { name, namespace = 'default' } = metadata;
  const { replicas = 1 } = spec;
  const who = downText(reading, reading.objects.controllers.length > 1);
  if (replicas === 0) {
    const advice = t('Scale it up: kubectl scale deployment -n {0} {1} --replicas=1.', namespace, name);
    const how = t('its deployment {0} is scaled to 0', name);
    return [{ ...finding(reading, found, { how, sinceUs: undefined, advice }, who), severity: 'error' }];
  }
  const { unavailableReplicas, conditions } = status ?? {};
  if (typeof unavailableReplicas !== 'number' || unavailableReplicas < replicas) return [];
  const failure = (Array.isArray(conditions) ? (conditions as NonNullable<Pod['status']>['conditions']) : [])?.find(
    ({ type, status: is }) => type === 'ReplicaFailure' && is === 'True',
  );
  const message = failure?.message === undefined ? '' : `: ${clean(failure.message).replace(/[.\s]+$/, '')}`;
  const how = `${t('its deployment {0} has no available pod', name)}${message}`;
  const advice = t('Read why: kubectl describe deployment,replicaset,pod -n {0}.', namespace);
  return [{ ...finding(reading, found, { how, sinceUs: undefined, advice }, who), severity: 'error' }];
}

function restarted(reading: Reading, found: Found<Pod>): Finding | undefined {
  const { latestUs } = reading.objects;
  const status = found.object.status?.containerStatuses?.find((each) => lastEndUs(each) > latestUs - LATELY_US);
  const { restartCount = 0, lastState } = status ?? {};
  const ended = lastState?.terminated;
  if (status === undefined || ended === undefined || restartCount < RESTARTS) return undefined;
  const { exitCode, reason = '' } = ended;
  const at = timeOfDay(lastEndUs(status));
  const who = t('The ARC controller has been restarted {0}, last at {1}', timesText(restartCount), at);
  const how = isTelling(reason) ? t('exit code {0}, {1}', exitCode, reason) : t('exit code {0}', exitCode);
  const advice = reason === 'OOMKilled' ? moreMemory() : previousLog(found.object);
  return finding(reading, found, { how, sinceUs: undefined, advice }, who);
}

function lastEndUs({ lastState }: ContainerStatus): number {
  return readStamp(lastState?.terminated?.finishedAt ?? '')?.moment.us ?? Number.NEGATIVE_INFINITY;
}

function notReady(reading: Reading, found: Found<Pod>): Finding | undefined {
  const { conditions = [], phase } = found.object.status ?? {};
  const condition = conditions.find(({ type, status }) => type === 'Ready' && status === 'False');
  const sinceUs = readStamp(condition?.lastTransitionTime ?? '')?.moment.us;
  if (phase !== 'Running' || sinceUs === undefined || reading.objects.latestUs - sinceUs < PATIENCE_US)
    return undefined;
  const { name, namespace = 'default' } = found.object.metadata;
  const how = t('its pod {0} runs and its probes fail', name);
  const advice = t('Read the events of the pod: kubectl describe pod -n {0} {1}.', namespace, name);
  return finding(reading, found, { how, sinceUs, advice }, t('The ARC controller is not ready'));
}

function finding(
  { objects: { latestUs } }: Reading,
  { phaseSeen, object }: Found<Pod> | Found<Workload>,
  { how, sinceUs, advice }: ArcPodProblem,
  who: string,
): Finding {
  const sentence = `${who}: ${how}.`;
  const short = shortened(sentence, 24);
  return {
    id: 'controller-down',
    severity: 'warning',
    sentence: short,
    details: [
      ...(sinceUs === undefined ? [] : [t('Since {0}Z.', toSecond(sinceUs))]),
      ...(short === sentence ? [] : [sentence]),
    ],
    runners: [],
    evidence: [{ at: phaseSeen, says: `${object.kind} ${keyOf(object)}` }],
    confidence: 'sure',
    advice,
    // Whatever else is wrong, nothing is done about it meanwhile: it comes before all that took any time.
    weightUs: latestUs,
  };
}

import { t } from '@vscode/l10n';
import { visibleText } from '../base/visible-text.ts';
import { listRequest } from '../kubernetes/request.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster, ObjectList } from '../kubernetes/cluster.ts';
import { Events } from '../kubernetes/resource.ts';
import type { KubernetesEvent, Pod } from '../kubernetes/types.ts';
import type { PodTrouble, TraceHeader } from '../trace/model.ts';
import { isCommonWait } from '../trace/why.ts';
import { volumeAdvice } from './message-advice.ts';
import { podProblem, type PodProblem, type RunnerFacts } from './pod-problem.ts';
import { wordsOf, type PodName, type TroubleWords } from './pod-trouble-words.ts';

/** How the kubelet begins when it says why an image cannot be pulled. */
const PULL_FAILED = 'Failed to pull image';

/** Whether a pod waits and its status does not say what for: its events may. */
export function wantsEvents({ pod, trouble }: RunnerFacts): boolean {
  if (trouble !== undefined) return isCommonWait(trouble);
  return pod === 'created' || pod === 'pending';
}

/** The events of a pod; none where they may not be read: what is said without them stays true. */
export function eventsOf(cluster: Cluster, { metadata }: Pod): Promise<readonly KubernetesEvent[]> {
  const { namespace = '', name, uid } = metadata;
  const request = listRequest(Events, namespace, '', `involvedObject.kind=Pod,involvedObject.name=${name}`);
  return new Promise((resolve) => {
    cluster.send(request, (reply) => {
      const events = reply instanceof ApiError ? [] : (reply as ObjectList<KubernetesEvent>).items;
      resolve(events.filter(({ involvedObject }) => uid === undefined || involvedObject.uid === uid));
    });
  });
}

/** Events of a pod, and what it takes to read them. */
export interface ReadEvents {
  readonly events: readonly KubernetesEvent[];
  /** Wall-clock time of the trace's microsecond 0. */
  readonly epochMs: number;
  /** Clears a text of credentials. */
  readonly redact: (text: string) => string;
  /** The pod, where commands in advice are to name it. */
  readonly pod?: PodName;
}

/** What is wrong with a runner, by what is noted of it or, where that says nothing, by the events of its pod. */
export function problemWithEvents(
  facts: RunnerFacts,
  nowUs: number,
  read: ReadEvents,
  header: TraceHeader,
): PodProblem | undefined {
  const told = wantsEvents(facts) ? problemOfEvents(read) : undefined;
  return told ?? podProblem(facts, nowUs, header);
}

/** What a pod waits for, by the last that kubelet and scheduler reported of it; undefined where that is nothing. */
export function problemOfEvents({ events, epochMs, redact, pod }: ReadEvents): PodProblem | undefined {
  const isPlaced = events.some(({ reason }) => reason === 'Scheduled');
  const placed = events.filter(({ reason = '' }) => reason !== '' && !(isPlaced && WITHOUT_NODE.has(reason)));
  const isRemoved = placed.some(isRemoval);
  // Why there is no volume says more than that the scheduler waits for it.
  const hasNoVolume = placed.some(({ reason = '' }) => OF_CLAIMS.has(reason));
  const told = placed
    .filter((event) => isRemoval(event) || !(isRemoved && OF_REMOVAL.has(event.reason ?? '')))
    .filter((event) => !(hasNoVolume && event.reason === 'FailedScheduling' && VOLUME.test(event.message ?? '')));
  const scaling = latestOf(told.filter(({ reason = '' }) => AUTOSCALERS.has(reason)));
  const last =
    latestOf(told.filter(({ reason = '' }) => !AUTOSCALERS.has(reason))) ??
    (scaling?.reason === 'NotTriggerScaleUp' ? scaling : undefined);
  if (last === undefined || (last.type !== 'Warning' && !isRemoval(last) && !GOES_ON.has(last.reason ?? '')))
    return undefined;
  const { reason: code = '', firstTimestamp, eventTime, metadata } = last;
  const sinceMs = Date.parse(firstTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');
  return {
    code,
    sinceUs: Number.isNaN(sinceMs) ? undefined : Math.round((sinceMs - epochMs) * 1000),
    words: visibleText(redact(behind(last, told))),
    ...wordsOfEvent(code, behind(last, told), containerIn(last), pod),
    ...(code === 'TaintManagerEviction' && placed.some(({ reason }) => reason === 'NodeNotReady')
      ? wordsOfLostNode()
      : {}),
    ...(WITHOUT_NODE.has(code) && scaling !== undefined && scaling !== last ? wordsOfAutoscaler(scaling, redact) : {}),
  };
}

/** Somebody takes the pod away, for good and at one moment. */
const REMOVALS: ReadonlySet<string> = new Set([
  'Evicted',
  'Preempted',
  'TaintManagerEviction',
  'ScaleDown',
  'Descheduled',
  'EvictedByVPA',
]);
/** What is reported of the same pod meanwhile. */
const OF_REMOVAL: ReadonlySet<string> = new Set([
  'Killing',
  'NodeNotReady',
  'ExceededGracePeriod',
  'TaintManagerEviction',
  'Unhealthy',
]);

/** Whether it tells that somebody takes the pod away: at that moment, and not for a time. */
export function isRemoval({ reason = '', message = '' }: Pick<KubernetesEvent, 'reason' | 'message'>): boolean {
  return REMOVALS.has(reason) && !/^Cancell?ing deletion/.test(message);
}

function wordsOfLostNode(): Partial<TroubleWords> {
  return {
    what: t('The node of the pod was not ready, so the pod is removed'),
    advice: t('Find out why the node was lost: kubectl describe node, and its kubelet.'),
  };
}

function latestOf(events: readonly KubernetesEvent[]): KubernetesEvent | undefined {
  return events.reduce<KubernetesEvent | undefined>((latest, event) => {
    return latest === undefined || isAfter(event, latest) ? event : latest;
  }, undefined);
}

/** What Cluster Autoscaler and Karpenter answer to a pod that no node takes: what is wrong with it stays so. */
const AUTOSCALERS: ReadonlySet<string> = new Set(['NotTriggerScaleUp', 'TriggeredScaleUp', 'Nominated']);
/** Of the claims of a pod's volumes: no volume could be made or found. */
const OF_CLAIMS: ReadonlySet<string> = new Set(['ProvisioningFailed', 'FailedBinding']);
const VOLUME = /persistentvolumeclaim|persistent volume|ephemeral volume/i;
/** Of a pod that has a node by now they are over. */
const WITHOUT_NODE: ReadonlySet<string> = new Set(['FailedScheduling', ...AUTOSCALERS, ...OF_CLAIMS]);
/** No warnings, and yet the last that a pod that does not run has. */
const GOES_ON: ReadonlySet<string> = new Set(['Pulling', 'BackOff', 'NotTriggerScaleUp', 'FailedBinding']);
/** Over when a container of the pod has been created. */
const BEFORE_CONTAINERS: ReadonlySet<string> = new Set(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);
const OF_CONTAINERS: ReadonlySet<string> = new Set(['Pulled', 'Created', 'Started']);

function wordsOfAutoscaler(
  { reason, message = '' }: KubernetesEvent,
  redact: (text: string) => string,
): Partial<TroubleWords> {
  const words = visibleText(redact(message))
    .replace(
      /^pod (?:didn't trigger scale-up|triggered scale-up)(?: \(it wouldn't fit if a new node is added\))?: /,
      '',
    )
    .replace(/^\[\{(.*)\}\]$/, '$1')
    .replace(/[.\s]+$/, '');
  if (reason !== 'NotTriggerScaleUp') {
    return {
      next: t('The autoscaler is adding a node: {0}.', words),
      advice: t("Wait for the node. If it does not come within minutes, read the autoscaler's log."),
    };
  }
  return {
    next: t('The autoscaler adds no node: {0}.', words),
    ...(/max node group size|max limit|limits? (?:reached|exceeded)/i.test(message)
      ? {
          advice: t(
            "Raise the maximum size of the autoscaler's node group, or lower maxRunners or what the pod requests.",
          ),
        }
      : {}),
  };
}

/** What says no more than the name that the container's status has; another event says why. */
const NAMED = /^Error: (ErrImageNeverPull|InvalidImageName)$/;

/** Of an image that cannot be pulled a kubelet reports why, and then again and again only that it is so. */
function behind({ reason = '', message = '' }: KubernetesEvent, told: readonly KubernetesEvent[]): string {
  const named = reason === 'Failed' ? NAMED.exec(message)?.[1] : undefined;
  if (named !== undefined) {
    const reasons = named === 'InvalidImageName' ? ['InspectFailed', named] : [named];
    return told.findLast((event) => reasons.includes(event.reason ?? ''))?.message ?? message;
  }
  const isImage = (reason === 'Failed' || reason === 'BackOff') && codeOfFailure(reason, message) === 'ErrImagePull';
  if (!isImage || message.startsWith(PULL_FAILED)) return message;
  return told.findLast((event) => event.message?.startsWith(PULL_FAILED) === true)?.message ?? message;
}

/** Kubelets write whole seconds: within one, what is wrong counts for more than what goes on. */
function isAfter(one: KubernetesEvent, other: KubernetesEvent): boolean {
  const difference = secondOf(one) - secondOf(other);
  if (difference !== 0) return difference > 0;
  const [reason = '', before = ''] = [one.reason, other.reason];
  if (BEFORE_CONTAINERS.has(reason) && OF_CONTAINERS.has(before)) return false;
  if (OF_CONTAINERS.has(reason) && BEFORE_CONTAINERS.has(before)) return true;
  return one.type === 'Warning' || other.type !== 'Warning';
}

function secondOf({ series, lastTimestamp, eventTime, metadata }: KubernetesEvent): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';
  return Math.floor(Date.parse(time) / 1000) || 0;
}

/** Which container a kubelet's event is about, where it says so. */
function containerIn({ message = '', involvedObject }: KubernetesEvent): Pick<PodTrouble, 'container' | 'init'> {
  const [, kind, named] = /^spec\.(containers|initContainers)\{([\w.-]+)\}$/.exec(involvedObject.fieldPath ?? '') ?? [];
  const container = named ?? /^Back-off restarting failed container[ =]([\w.-]+)/.exec(message)?.[1];
  return container === undefined ? {} : { container, ...(kind === 'initContainers' ? { init: true } : {}) };
}

function wordsOfEvent(
  reason: string,
  message: string,
  container: Pick<PodTrouble, 'container' | 'init'>,
  pod: PodName | undefined,
): TroubleWords {
  switch (reason) {
    case 'FailedScheduling':
    case 'NotTriggerScaleUp':
      return wordsOf({ code: 'Unschedulable', message: reason === 'FailedScheduling' ? message : '' });
    case 'ProvisioningFailed':
    case 'FailedBinding':
      return {
        what: t('There is no volume for the pod'),
        next: t('ARC waits until a node takes the pod.'),
        advice: volumeAdvice(message),
      };
    case 'Failed':
    case 'BackOff':
    case 'InspectFailed':
    case 'ErrImageNeverPull':
      return wordsOf({ code: codeOfFailure(reason, message), message, ...container }, pod);
    case 'Evicted':
      // Karpenter says so of a node that it takes away.
      return /^Evicted pod/.test(message)
        ? {
            what: t('Karpenter took the node of the pod away'),
            next: t('The pod is removed, and ARC creates another.'),
            advice: adviceOnKarpenter(message),
          }
        : wordsOf({ code: reason, message, ended: true });
    case 'Preempted':
      return {
        what: t('A pod of higher priority preempted it'),
        next: t('The pod is removed, and ARC creates another.'),
        advice: t('Add nodes, or give the runners a priority class of their own.'),
      };
    case 'ScaleDown':
    case 'Descheduled':
    case 'EvictedByVPA':
      return {
        what: reason === 'ScaleDown' ? t('The autoscaler took the node of the pod away') : t('The pod was evicted'),
        next: t('The pod is removed, and ARC creates another.'),
        advice: t(
          'Keep it from evicting runners: an annotation in the pod template, such as cluster-autoscaler.kubernetes.io/safe-to-evict: "false".',
        ),
      };
    case 'TaintManagerEviction':
      return {
        what: t('The node has a taint that the pod does not tolerate'),
        next: t('The pod is removed, and ARC creates another.'),
        advice: t('Find out why the node has the taint, or add a toleration to the pod template.'),
      };
    default:
      return { next: t('ARC waits until the pod runs.'), ...whatOf(reason) };
  }
}

/** Its annotation holds only what Karpenter does of its own will. */
function adviceOnKarpenter(message: string): string {
  if (/spot|interrupt|rebalance/i.test(message)) {
    return t(
      'The cloud took a spot node back, which nothing keeps: run long jobs on on-demand nodes (nodeSelector karpenter.sh/capacity-type in the pod template).',
    );
  }
  if (/expire/i.test(message)) {
    return t('Raise expireAfter of the NodePool above the length of jobs: no annotation keeps a node past its age.');
  }
  if (/maintenance|terminat|stopp|unhealthy|repair/i.test(message)) {
    return t('Find out why the node ended: kubectl describe node, and its cloud provider; no annotation keeps it.');
  }
  return t(
    'Keep it from evicting runners: karpenter.sh/do-not-disrupt: "true" in the annotations of the pod template.',
  );
}

/** Of a container that failed the event tells in its text what the status calls by a name. */
function codeOfFailure(reason: string, message: string): string {
  if (reason === 'ErrImageNeverPull' || /pull policy of Never/.test(message)) return 'ErrImageNeverPull';
  if (/invalid reference format|couldn't parse image/.test(message)) return 'InvalidImageName';
  const named = NAMED.exec(message)?.[1];
  if (named !== undefined) return named;
  if (reason === 'BackOff' && !/image/i.test(message)) return 'CrashLoopBackOff';
  return /image|ErrImagePull/i.test(message) && !/runAsNonRoot/.test(message) ? 'ErrImagePull' : 'CreateContainerError';
}

function whatOf(reason: string): Pick<TroubleWords, 'what' | 'advice'> {
  switch (reason) {
    case 'FailedMount':
      return {
        what: t('A volume of the pod cannot be mounted'),
        advice: t(
          'Check that the secret, config map or claim of that volume exists and that the node reaches its storage.',
        ),
      };
    case 'FailedAttachVolume':
      return {
        what: t('A volume of the pod cannot be attached to its node'),
        advice: t('Check the persistent volume: another node may still hold it.'),
      };
    case 'FailedCreatePodSandBox':
    case 'FailedPodSandBoxStatus':
    case 'NetworkNotReady':
    case 'CNIError':
      return {
        what: t('The node cannot set up the network and sandbox of the pod'),
        advice: t("Check the node's network plugin (CNI) and container runtime."),
      };
    case 'Pulling':
      return {
        what: t('The node is pulling an image'),
        advice: t('Use a smaller image, or have it on the nodes beforehand.'),
      };
    case 'FailedKillPod':
      return {
        what: t('The node cannot end the pod'),
        advice: t("Check the node's container runtime."),
      };
    default:
      return { what: t('The node reports a problem with the pod'), advice: t('Check the events of the pod.') };
  }
}

import type { ContainerState, ContainerStatus, EphemeralRunner, Pod, PodCondition } from '../kubernetes/types.ts';
import { RUNNER_CONTAINER } from '../reconciler/names.ts';
import { runnerContainer } from '../reconciler/pod-state.ts';
import type { PodTrouble } from '../trace/model.ts';
import { isCommonWait } from '../trace/why.ts';

/**
 * What keeps a pod from running its job, as its status says: the runner's container before the pod's phase, since a
 * sidecar keeps a pod Running whose runner has died. Waits that every pod passes through are among it; whether they
 * last too long is for those to say who know the time.
 * @param epochMs wall-clock time of the trace's microsecond 0
 */
export function podTrouble(pod: Pod, runner: Counting, epochMs: number): PodTrouble | undefined {
  const found = troubleOf(pod, runner) ?? (pod.metadata.deletionTimestamp === undefined ? undefined : TERMINATING);
  if (found === undefined) return undefined;
  const at = (text: Text): number | undefined => {
    if (text === undefined || text === null) return undefined;
    const ms = timeOf(text);
    return Number.isNaN(ms) ? undefined : Math.round((ms - epochMs) * 1000);
  };
  const { deletionTimestamp, finalizers = [] } = pod.metadata;
  const detail = found === TERMINATING ? finalizers.join(', ') || pod.spec.nodeName : found.detail;
  const trouble: { -readonly [field in keyof PodTrouble]: PodTrouble[field] } = { code: found.code };
  const { container = '', exitCode, message = '' } = found;
  const [since, due] = [at(found.sinceText), at(deletionTimestamp)];
  if (container !== '') trouble.container = container;
  if (found.init !== undefined) trouble.init = found.init;
  if (exitCode !== undefined) trouble.exitCode = exitCode;
  if (message !== '') trouble.message = message;
  if (since !== undefined) trouble.since = since;
  if (detail !== undefined && detail !== '') trouble.detail = detail;
  if (found.ended !== undefined) trouble.ended = found.ended;
  if (found.overlooked !== undefined) trouble.overlooked = found.overlooked;
  if (due !== undefined) trouble.due = due;
  return trouble;
}

/** The text read last, and its time: what happens in one second says so in the same words. */
const last = { text: '', ms: NaN };

function timeOf(text: string): number {
  if (text !== last.text) {
    last.text = text;
    last.ms = Date.parse(text);
  }
  return last.ms;
}

/** What counts a pod's failures: a runner, where the pod is one's. */
type Counting = Pick<EphemeralRunner, 'status'>;
type Text = string | null | undefined;
type Found = { readonly [field in keyof PodTrouble]?: PodTrouble[field] | undefined } & {
  readonly code: string;
  readonly sinceText?: Text;
};

const TERMINATING: Found = { code: 'Terminating' };

function troubleOf(pod: Pod, runner: Counting): Found | undefined {
  const ended = runnerContainer(pod)?.state?.terminated;
  const outside = endedFromOutside(pod);
  if (outside !== undefined) return outside;
  // What happens to sidecars after the runner has done its job is not a problem.
  if (ended?.exitCode === 0) return withoutJob(pod, runner, ended);
  return (
    failedContainer(pod) ??
    failedWithoutReason(pod) ??
    lostNode(pod) ??
    initTrouble(pod) ??
    waiting(pod) ??
    unplaced(pod)
  );
}

/** The pod as a whole was ended from outside: evicted, preempted, out of time, lost with its node. */
function endedFromOutside(pod: Pod): Found | undefined {
  const { status, spec } = pod;
  const { phase, reason = '', message } = status ?? {};
  const disruption = condition(pod, 'DisruptionTarget', 'True');
  const detail = spec.nodeName;
  if (phase === 'Failed' && reason !== '') {
    const sinceText = disruption?.lastTransitionTime ?? endedAt(pod);
    return { code: reason, message: message ?? disruption?.message, sinceText, detail, ...endOf(pod) };
  }
  if (phase === 'Failed' && disruption !== undefined) {
    const { reason: why = 'DisruptionTarget', lastTransitionTime } = disruption;
    return { code: why, message: disruption.message, sinceText: lastTransitionTime, detail, ...endOf(pod) };
  }
  return undefined;
}

/** ARC up to 0.13.0 goes by the state of the runner's container alone, but for evictions of pods that had one. */
function endOf(pod: Pod): Pick<Found, 'ended' | 'overlooked'> {
  const container = runnerContainer(pod);
  const isSeen =
    container?.state?.terminated !== undefined || (container !== undefined && pod.status?.reason === 'Evicted');
  return { ended: true, overlooked: isSeen ? undefined : true };
}

/** The runner ended well, but ARC counted its pod as failed: the service still knows the runner, so it had no job. */
function withoutJob(pod: Pod, runner: Counting, { finishedAt }: Terminated): Found | undefined {
  const isCounted = runner.status?.failures?.[pod.metadata.uid ?? ''] !== undefined;
  if (!isCounted) return undefined;
  return { code: 'exit 0', container: RUNNER_CONTAINER, exitCode: 0, sinceText: finishedAt, ended: true };
}

function failedContainer(pod: Pod): Found | undefined {
  const containers = pod.status?.containerStatuses ?? [];
  const dead = first([runnerContainer(pod), ...containers], hasFailed);
  if (dead === undefined) return undefined;
  const others = containers.filter(({ state }) => state?.running !== undefined).map(({ name }) => name);
  const isRunner = dead.name === RUNNER_CONTAINER;
  return { ...failureOf(dead), detail: others.join(', '), ended: isRunner ? true : undefined };
}

function failureOf({ name, state }: ContainerStatus): Found {
  const { exitCode, reason = '', message, finishedAt } = state?.terminated as Terminated;
  const code = reason === '' || reason === 'Error' ? `exit ${exitCode}` : reason;
  return { code, container: name, exitCode, message, sinceText: finishedAt };
}

function failedWithoutReason(pod: Pod): Found | undefined {
  if (pod.status?.phase !== 'Failed' || initContainers(pod).some(hasFailed)) return undefined;
  return { code: 'PodFailed', message: pod.status.message, sinceText: endedAt(pod), ...endOf(pod) };
}

/** The node's kubelet no longer reports: nobody knows whether the pod runs. */
function lostNode(pod: Pod): Found | undefined {
  const unknown = condition(pod, 'Ready', 'Unknown');
  const { phase, reason, message } = pod.status ?? {};
  if (unknown === undefined && phase !== 'Unknown' && reason !== 'NodeLost') return undefined;
  const sinceText = unknown?.lastTransitionTime;
  return { code: 'NodeLost', message: message ?? unknown?.message, sinceText, detail: pod.spec.nodeName };
}

/** Init containers run one after the other: the first that is not done is what the pod waits for. */
function initTrouble(pod: Pod): Found | undefined {
  let beganText: Text = placedAt(pod);
  for (const status of initContainers(pod)) {
    const { name, state, lastState } = status;
    const init = true;
    if (hasFailed(status)) {
      const end = pod.status?.phase === 'Failed' ? endOf(pod) : {};
      return { ...failureOf(status), init, ...end };
    }
    if (state?.terminated !== undefined) beganText = state.terminated.finishedAt ?? beganText;
    // A sidecar is an init container that is meant to run on.
    else if (state?.running !== undefined && !isSidecar(pod, name)) {
      return { code: 'InitRunning', container: name, init, sinceText: state.running.startedAt };
    } else if (state?.waiting !== undefined) {
      return { ...waitOf(status, lastState?.terminated?.finishedAt ?? beganText), init };
    }
  }
  return undefined;
}

/** What one container says of itself tells more than that another's turn has not come. */
function waiting(pod: Pod): Found | undefined {
  const containers = pod.status?.containerStatuses ?? [];
  const isTelling = (status: ContainerStatus): boolean => !isCommonWait(waitOf(status, undefined));
  const those = [runnerContainer(pod), ...containers].filter((each) => each?.state?.waiting !== undefined);
  const status = first(those, isTelling) ?? those[0];
  if (status === undefined) return undefined;
  const beganText = condition(pod, 'Initialized', 'True')?.lastTransitionTime ?? placedAt(pod);
  return waitOf(status, status.lastState?.terminated?.finishedAt ?? beganText);
}

function waitOf({ name, state, lastState }: ContainerStatus, sinceText: Text): Found {
  const { reason = '', message } = state?.waiting ?? {};
  // That it ended before, and with what, is why it waits now.
  const last = lastState?.terminated;
  return {
    code: reason === '' ? 'ContainerCreating' : reason,
    container: name,
    exitCode: last?.exitCode,
    message: message ?? last?.message,
    sinceText,
    detail: last?.reason,
  };
}

/** No node has the pod, or the one that has it has said nothing yet. */
function unplaced(pod: Pod): Found | undefined {
  const { status, spec } = pod;
  if ((status?.phase ?? 'Pending') !== 'Pending' || (status?.containerStatuses ?? []).length > 0) return undefined;
  const refused = condition(pod, 'PodScheduled', 'False');
  if (refused !== undefined) {
    const { reason = 'Unschedulable', message, lastTransitionTime } = refused;
    return { code: reason, message, sinceText: lastTransitionTime ?? pod.metadata.creationTimestamp };
  }
  const isPlaced = condition(pod, 'PodScheduled', 'True') !== undefined || (spec.nodeName ?? '') !== '';
  return { code: isPlaced ? 'NotStarted' : 'NotScheduled', sinceText: placedAt(pod), detail: spec.nodeName };
}

type Terminated = NonNullable<ContainerState['terminated']>;

/** In the order of the pod's spec, in which they run. */
function initContainers({ spec, status }: Pod): readonly ContainerStatus[] {
  const order = new Map((spec.initContainers ?? []).map(({ name }, index) => [name, index]));
  const statuses = status?.initContainerStatuses ?? [];
  return [...statuses].sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
}

function isSidecar({ spec }: Pod, name: string): boolean {
  return spec.initContainers?.find((container) => container.name === name)?.['restartPolicy'] === 'Always';
}

function hasFailed({ state }: ContainerStatus): boolean {
  return state?.terminated !== undefined && state.terminated.exitCode !== 0;
}

function first(
  statuses: readonly (ContainerStatus | undefined)[],
  fits: (status: ContainerStatus) => boolean,
): ContainerStatus | undefined {
  return statuses.find((status) => status !== undefined && fits(status));
}

function condition({ status }: Pod, type: string, is: string): PodCondition | undefined {
  return status?.conditions?.find((each) => each.type === type && each.status === is);
}

/** When the pod had a node; before that, when it was made. */
function placedAt({ status, metadata }: Pod): Text {
  const scheduled = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'True');
  return scheduled?.lastTransitionTime ?? status?.startTime ?? metadata.creationTimestamp;
}

/** When the last container ended, or the pod was no longer ready. */
function endedAt(pod: Pod): Text {
  const ends = (pod.status?.containerStatuses ?? []).flatMap(({ state }) => state?.terminated?.finishedAt ?? []);
  return ends.sort().at(-1) ?? condition(pod, 'Ready', 'False')?.lastTransitionTime;
}

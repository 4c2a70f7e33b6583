import type { ApiObject, ContainerState, ContainerStatus, Pod, PodStatus } from '../../types.ts';
import { since } from './human-duration.ts';
import type { Column } from './table-layout.ts';

/** The rows of `kubectl get pods`, whose status says what the pod's phase alone does not. */
export const POD_COLUMNS: readonly Column[] = [
  { name: 'Name', type: 'string', format: 'name' },
  { name: 'Ready', type: 'string' },
  { name: 'Status', type: 'string' },
  { name: 'Restarts', type: 'string' },
  { name: 'Age', type: 'string' },
  { name: 'IP', type: 'string', priority: 1 },
  { name: 'Node', type: 'string', priority: 1 },
  { name: 'Nominated Node', type: 'string', priority: 1 },
  { name: 'Readiness Gates', type: 'string', priority: 1 },
];

interface PodFacts extends PodStatus {
  readonly nominatedNodeName?: string;
}

export function podCells(object: ApiObject, nowMs: number): readonly unknown[] {
  const pod = object as Pod;
  const status = (pod.status ?? {}) as PodFacts;
  const containers = status.containerStatuses ?? [];
  const ready = containers.filter((container) => container.ready === true && container.state?.running !== undefined);
  const restarts = containers.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const ip = status.podIP ?? '';
  return [
    pod.metadata.name,
    `${ready.length}/${(pod.spec.containers ?? []).length}`,
    statusOf(pod, status),
    restartsText(restarts, containers, nowMs),
    since(pod.metadata.creationTimestamp, nowMs),
    ip === '' ? '<none>' : ip,
    pod.spec.nodeName ?? '<none>',
    status.nominatedNodeName ?? '<none>',
    readinessGates(pod, status),
  ];
}

/** Rows of pods that have ended say so, for clients that grey them out. */
export function completedCondition(object: ApiObject): object {
  const { phase } = (object as Pod).status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') return {};
  const message = phase === 'Failed' ? 'The pod failed.' : 'The pod has completed successfully.';
  return { conditions: [{ type: 'Completed', status: 'True', reason: phase, message }] };
}

function statusOf(pod: Pod, status: PodFacts): string {
  let reason = status.reason ?? status.phase ?? '';
  if (
    status.conditions?.some(({ type, reason: why }) => type === 'PodScheduled' && why === 'SchedulingGated') === true
  ) {
    reason = 'SchedulingGated';
  }
  const initialising = initReason(pod, status);
  if (initialising !== undefined) reason = initialising;
  else {
    let hasRunning = false;
    for (const { state, ready } of [...(status.containerStatuses ?? [])].reverse()) {
      const waiting = state?.waiting?.reason ?? '';
      const ended = state?.terminated;
      if (waiting !== '') reason = waiting;
      else if (ended !== undefined) reason = endReason(ended);
      else if (ready === true && state?.running !== undefined) hasRunning = true;
    }
    if (reason === 'Completed' && hasRunning) {
      const isReady = status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
      reason = isReady ? 'Running' : 'NotReady';
    }
  }
  if (pod.metadata.deletionTimestamp === undefined) return reason;
  if (status.reason === 'NodeLost') return 'Unknown';
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? reason : 'Terminating';
}

type Ended = NonNullable<ContainerState['terminated']>;

function endReason({ reason = '', signal = 0, exitCode }: Ended): string {
  if (reason !== '') return reason;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`;
}

/** What the first init container that is not done is at. */
function initReason(pod: Pod, status: PodFacts): string | undefined {
  const total = (pod.spec.initContainers ?? []).length;
  for (const [index, { state }] of (status.initContainerStatuses ?? []).entries()) {
    const ended = state?.terminated;
    if (ended !== undefined && (ended.exitCode ?? 0) === 0) continue;
    if (ended !== undefined) return `Init:${endReason(ended)}`;
    const waiting = state?.waiting?.reason ?? '';
    if (waiting !== '' && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${index}/${total}`;
  }
  return undefined;
}

function restartsText(restarts: number, containers: readonly ContainerStatus[], nowMs: number): string {
  const ends = containers.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []);
  if (restarts === 0 || ends.length === 0) return String(restarts);
  return `${restarts} (${since(ends.sort().at(-1), nowMs)} ago)`;
}

function readinessGates(pod: Pod, status: PodFacts): string {
  const gates = (pod.spec['readinessGates'] ?? []) as readonly { conditionType: string }[];
  if (gates.length === 0) return '<none>';
  const met = gates.filter(({ conditionType }) =>
    status.conditions?.some(({ type, status: is }) => type === conditionType && is === 'True'),
  );
  return `${met.length}/${gates.length}`;
}

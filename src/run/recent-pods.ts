import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { pathOf, Pods } from '../kubernetes/resource.ts';
import type { Pod } from '../kubernetes/types.ts';
import { RUNNER_CONTAINER, RUNNER_POD_LABEL } from '../reconciler/names.ts';

/** How long a cluster's runner pods took: medians over the existing ones, in microseconds. */
export interface PodDelays {
  /** From a pod's creation to its runner container's start; undefined when none has started. */
  readonly startUs: number | undefined;
  /** From the container's start to its end; undefined when none has ended. */
  readonly jobUs: number | undefined;
  /** How many pods the start was taken from. */
  readonly pods: number;
}

const RUNNER_PODS = encodeURIComponent(`${RUNNER_POD_LABEL}=True`);
const LOOKED_AT = 500;

/** Reads the delays off the runner pods that a namespace has (all namespaces for ''); Kubernetes tells seconds. */
export async function recentPodDelays(transport: ApiTransport, namespace: string): Promise<PodDelays> {
  try {
    const path = `${pathOf(Pods, namespace)}?labelSelector=${RUNNER_PODS}&limit=${LOOKED_AT}`;
    return podDelays(((await transport.json('GET', path)) as { items?: readonly Pod[] | null }).items ?? []);
  } catch (error) {
    if (error instanceof ApiError) return podDelays([]);
    throw error;
  }
}

export function podDelays(pods: readonly Pod[]): PodDelays {
  const starts: number[] = [];
  const jobs: number[] = [];
  for (const { metadata, status } of pods) {
    const state = status?.containerStatuses?.find(({ name }) => name === RUNNER_CONTAINER)?.state;
    const startedAt = state?.running?.startedAt ?? state?.terminated?.startedAt;
    const startUs = between(metadata.creationTimestamp, startedAt);
    if (startUs !== undefined) starts.push(startUs);
    const jobUs = between(startedAt, state?.terminated?.finishedAt);
    if (jobUs !== undefined) jobs.push(jobUs);
  }
  return { startUs: median(starts), jobUs: median(jobs), pods: starts.length };
}

function between(from: string | null | undefined, to: string | null | undefined): number | undefined {
  const ms = Date.parse(to ?? '') - Date.parse(from ?? '');
  return Number.isNaN(ms) || ms < 0 ? undefined : ms * 1000;
}

function median(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

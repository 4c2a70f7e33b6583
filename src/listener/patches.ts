import type { JobEvent } from '../actions/job.ts';
import { EphemeralRunners, EphemeralRunnerSets } from '../kubernetes/resource.ts';
import { patchRequest } from '../kubernetes/request.ts';
import type { EphemeralRunner, EphemeralRunnerSet } from '../kubernetes/types.ts';
import type { Switches } from '../reconciler/releases/switches.ts';
import { KubernetesEffect } from '../runtime/effects.ts';
import type { ListenerConfig } from './config.ts';
import type { Decision } from './desired-runners.ts';

/** What a listener writes, with the keys in the order in which Go's patches have them. */

/** No replicas are sent as null: Go's type leaves out a number that is 0. */
export function patchSet(
  { setNamespace, setName }: ListenerConfig,
  { replicas, patchId }: Decision,
): KubernetesEffect<EphemeralRunnerSet> {
  const body = { spec: { patchID: patchId, replicas: replicas === 0 ? null : replicas } };
  return new KubernetesEffect(patchRequest(EphemeralRunnerSets, setNamespace, setName, body));
}

/** Tells a runner of its job; undefined where the runner is not there any more. */
export function patchRunner(
  { setNamespace }: ListenerConfig,
  job: JobEvent,
  switches: Switches,
): KubernetesEffect<EphemeralRunner | undefined> {
  const all = {
    jobDisplayName: job.jobDisplayName,
    ...(switches.has(4239) ? { jobId: job.jobId } : {}),
    jobRepositoryName: `${job.ownerName}/${job.repositoryName}`,
    jobRequestId: job.runnerRequestId,
    jobWorkflowRef: job.jobWorkflowRef,
    workflowRunId: job.workflowRunId,
  };
  // What is empty in Go's type is left out.
  const status = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '' && value !== 0));
  const { runnerName = '' } = job;
  return new KubernetesEffect(patchRequest(EphemeralRunners, setNamespace, runnerName, { status }, 'status'), true);
}

import type { EphemeralRunner, KubernetesEvent, Pod } from '../kubernetes/types.ts';
import { arcRole } from '../reconciler/arc-pods.ts';
import type { Reading } from './reading.ts';

/** ARC names runners, and the pods of runners like them, so. */
const RUNNER = /-runner-/;
/** In the container mode kubernetes a runner makes a pod for its job, and one for each step that has a container. */
const JOB_POD = /^(.+-runner-[a-z0-9]+)-(?:workflow|step-.+)$/;
const JOB_POD_LABEL = 'runner-pod';
const LISTENER = /-listener$/;
const CONTROLLER = /gha-(?:rs|runner-scale-set)-controller/;

/** Whether a pod is a runner's, a job's, a listener's or a controller's; events of a cluster are also of others. */
export function isArcPod(reading: Reading, namespace: string, name: string): boolean {
  if (RUNNER.test(name) || LISTENER.test(name) || CONTROLLER.test(name)) return true;
  if (reading.runners.get(namespace, name) !== undefined) return true;
  const { pods, controllers } = reading.objects;
  if (controllers.some(({ object }) => name.startsWith(`${object.metadata.name}-`))) return true;
  return [...pods.values()].some(
    ({ object }) =>
      object.metadata.name === name &&
      (namespace === '' || object.metadata.namespace === namespace) &&
      (arcRole(object) !== undefined || isRunnersPod(object)),
  );
}

/** By what ARC writes into the pods of runners. */
export function isRunnersPod({ metadata: { labels, ownerReferences } }: Pod): boolean {
  return (
    labels?.['actions-ephemeral-runner'] !== undefined ||
    ownerReferences?.some(({ kind }) => kind === 'EphemeralRunner') === true
  );
}

/** The runner whose job a pod is for; undefined for other pods. */
export function runnerOfJobPod({ metadata: { name, labels } }: Pod): string | undefined {
  return labels?.[JOB_POD_LABEL] ?? runnerOfJobPodNamed(name);
}

/** The same where only its name is known. */
export function runnerOfJobPodNamed(name: string): string | undefined {
  return JOB_POD.exec(name)?.[1];
}

/** The runner of a pod, where only the pod was given: it has what findings ask of a runner. */
export function runnerOfPod({ metadata: { name, namespace }, spec }: Pod): EphemeralRunner {
  return {
    apiVersion: 'actions.github.com/v1alpha1',
    kind: 'EphemeralRunner',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { githubConfigUrl: '', githubConfigSecret: '', runnerScaleSetId: 0, spec },
  };
}

/** Warnings about the claims that are made for a pod's own volumes: they have its name before that of the volume. */
function claimWarnings({ claimEvents }: Reading, namespace: string, name: string): readonly KubernetesEvent[] {
  return [...claimEvents.values()].flatMap((claim) =>
    claim.namespace === namespace && claim.name.startsWith(`${name}-`)
      ? claim.events.filter(({ type, reason }) => type === 'Warning' || reason === 'FailedBinding')
      : [],
  );
}

/** Events of a pod and of its volumes; a table of events may be without the namespace. */
export function eventsOfPod(
  reading: Reading,
  { name, namespace = '' }: Pick<Pod['metadata'], 'name' | 'namespace'>,
): readonly KubernetesEvent[] {
  const own = reading.podEvents.get(`${namespace}/${name}`) ?? reading.podEvents.get(`/${name}`);
  return own === undefined ? [] : [...own.events, ...claimWarnings(reading, own.namespace, name)];
}

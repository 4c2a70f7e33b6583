import { t } from '@vscode/l10n';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from '../reconciler/names.ts';

/**
 * What keeps a runner that somebody has deleted: the end of a sentence, and what to do. ARC takes the registration away
 * first, then pod and secret; a finalizer of somebody else is theirs to remove.
 */
export function keptBy(
  { metadata, status }: EphemeralRunner,
  pod?: Pod,
): { readonly why: string; readonly advice: string } {
  const { finalizers = [] } = metadata;
  const job = status?.jobRequestId ?? 0;
  if (finalizers.includes(REGISTRATION_FINALIZER)) {
    return job === 0
      ? {
          why: t('ARC must remove its registration from the service first'),
          advice: t(
            "Read the controller's log for what the service answers. Deleting the runner again changes nothing.",
          ),
        }
      : {
          why: t('the service does not remove it while job {0} runs', job),
          advice: t(
            'Look for job {0} at GitHub: where it has ended or hangs, cancel it. Deleting the runner again changes nothing.',
            job,
          ),
        };
  }
  if (finalizers.includes(RUNNER_FINALIZER)) {
    const kept = pod === undefined ? undefined : podKeptBy(pod);
    if (kept !== undefined) return kept;
    return {
      why: t('ARC must clean up its pod and secret first'),
      advice: t('Check its pod, and that the controller is running.'),
    };
  }
  const [other] = finalizers;
  return other === undefined
    ? { why: t('no finalizer blocks it, so it may be gone by now'), advice: t('List the runners again.') }
    : {
        why: t('finalizer {0} keeps it', other),
        advice: t('Find out who set the finalizer {0}; its owner must remove it.', other),
      };
}

/** What keeps its pod, where that is what is deleted and does not go. */
function podKeptBy({ metadata, spec }: Pod): { readonly why: string; readonly advice: string } | undefined {
  const { deletionTimestamp, finalizers: [finalizer] = [] } = metadata;
  if (deletionTimestamp === undefined) return undefined;
  if (finalizer !== undefined) {
    return {
      why: t('finalizer {0} keeps its pod', finalizer),
      advice: t('Find out who set the finalizer {0} of its pod; its owner must remove it.', finalizer),
    };
  }
  const { nodeName = '' } = spec;
  return nodeName === ''
    ? undefined
    : {
        why: t('its pod is being deleted on node {0}', nodeName),
        advice: t(
          'Look at node {0} and its kubelet (kubectl describe node {0}); if the node is gone, delete the pod with --grace-period=0 --force.',
          nodeName,
        ),
      };
}

import { t } from '@vscode/l10n';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from '../reconciler/names.ts';

/**
 * What keeps a runner that somebody has deleted: the end of a sentence, and what to do. ARC takes the registration away
 * first, then pod and secret; a finalizer of somebody else is theirs to remove.
 */
export function keptBy({ metadata, status }: EphemeralRunner): { readonly why: string; readonly advice: string } {
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

import { copyWith } from '../base/copy.ts';
import { createMergePatch } from '../kubernetes/merge-patch.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerStatus } from '../kubernetes/types.ts';
import { patch, type KubernetesEffect } from '../runtime/effects.ts';

/**
 * Merge patches of a runner, with the difference to what the pass has seen, as upstream's client sends them.
 * @param changes fields of the status that get these values; the others stay
 */
export function patchStatus(
  runner: EphemeralRunner,
  changes: EphemeralRunnerStatus,
): KubernetesEffect<EphemeralRunner> {
  const { status = {} } = runner;
  const difference = createMergePatch(statusOnWire(status), statusOnWire(copyWith(status, changes)));
  // A patch that changes nothing is sent as well, and is empty.
  return patch(EphemeralRunners, runner, difference === undefined ? {} : { status: difference }, 'status');
}

/** Sets the whole list of finalizers; a merge patch cannot name one element. An empty list is sent as null. */
function patchFinalizers(runner: EphemeralRunner, finalizers: readonly string[]): KubernetesEffect<EphemeralRunner> {
  const body = { metadata: { finalizers: finalizers.length === 0 ? null : finalizers } };
  return patch(EphemeralRunners, runner, body);
}

export function addFinalizer(
  runner: EphemeralRunner,
  ...finalizers: readonly string[]
): KubernetesEffect<EphemeralRunner> {
  return patchFinalizers(runner, (runner.metadata.finalizers ?? []).concat(finalizers));
}

/** What the log says when the last finalizer of a runner cannot be taken off. */
export const LAST_FINALIZER_FAILED = 'Failed to update ephemeral runner without the finalizer';

export function removeFinalizer(
  runner: EphemeralRunner,
  ...removed: readonly string[]
): KubernetesEffect<EphemeralRunner> {
  return patchFinalizers(
    runner,
    (runner.metadata.finalizers ?? []).filter((each) => !removed.includes(each)),
  );
}

/**
 * The same as the difference to what the pass saw at its beginning, before patches of its own: the version that these made
 * is in it, so that the API server refuses it when somebody else has changed the runner since.
 */
export function removeFinalizerSince(
  seen: EphemeralRunner,
  runner: EphemeralRunner,
  ...removed: readonly string[]
): KubernetesEffect<EphemeralRunner> {
  const finalizers = (runner.metadata.finalizers ?? []).filter((each) => !removed.includes(each));
  const after = {
    ...runner,
    metadata: { ...runner.metadata, finalizers: finalizers.length === 0 ? undefined : finalizers },
  };
  return patch(EphemeralRunners, runner, createMergePatch({ ...seen }, after) ?? {});
}

export function hasFinalizer(runner: EphemeralRunner, finalizer: string): boolean {
  return runner.metadata.finalizers?.includes(finalizer) === true;
}

/** Upstream's types write `ready` always and leave out every other field that is empty. */
function statusOnWire(status: EphemeralRunnerStatus): Record<string, unknown> {
  return {
    phase: nonEmpty(status.phase),
    ready: status.ready ?? false,
    reason: nonEmpty(status.reason),
    message: nonEmpty(status.message),
    runnerId: status.runnerId === 0 ? undefined : status.runnerId,
    runnerName: nonEmpty(status.runnerName),
    runnerJITConfig: nonEmpty(status.runnerJITConfig),
    failures: Object.keys(status.failures ?? {}).length === 0 ? undefined : status.failures,
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

import type { EphemeralRunner, EphemeralRunnerStatus, Pod, RunnerPhase } from '../kubernetes/types.ts';
import { log, phase, type Step } from '../runtime/effects.ts';
import { patchStatus } from './patches.ts';
import type { RunnerPass } from './runner-pass.ts';

/** Copies what people want to know of a pod that lives into the status of its runner. */
export function* followPod(runner: EphemeralRunner, pod: Pod, pass: RunnerPass): Step<void> {
  const podPhase = pod.status?.phase ?? '';
  if (podPhase === 'Succeeded' || podPhase === 'Failed') return;
  try {
    yield* pass.switches.has(3891) ? followReadiness(runner, pod) : followPhase(runner, pod);
  } catch (error) {
    yield* log('Failed to update ephemeral runner status. Requeue to not miss this event');
    throw error;
  }
}

/** Ready follows the phase alone here: a pod restarted while the phase stays Running leaves it false. */
function* followPhase(runner: EphemeralRunner, pod: Pod): Step<void> {
  const after = statusFrom(pod, runner.status?.ready === true || pod.status?.phase === 'Running');
  if (after.phase === runner.status?.phase) return;
  yield* phase('copy-phase');
  yield* log('Updating ephemeral runner status with pod phase', {
    statusPhase: after.phase,
    statusReason: pod.status?.reason,
    statusMessage: pod.status?.message,
  });
  yield* patchStatus(runner, after);
  yield* log('Updated ephemeral runner status with pod phase');
}

function* followReadiness(runner: EphemeralRunner, pod: Pod): Step<void> {
  const after = statusFrom(pod, isReady(pod));
  if (after.phase === runner.status?.phase && after.ready === (runner.status?.ready ?? false)) return;
  yield* phase('copy-phase');
  yield* log('Updating ephemeral runner status', {
    statusPhase: after.phase,
    statusReason: pod.status?.reason,
    statusMessage: pod.status?.message,
    ready: after.ready,
  });
  yield* patchStatus(runner, after);
  yield* log('Updated ephemeral runner status');
}

function statusFrom({ status }: Pod, ready: boolean): EphemeralRunnerStatus {
  const { phase, reason = '', message = '' } = status ?? {};
  return { phase: phase as RunnerPhase, ready, reason, message };
}

/** The Ready condition that came last says so; one without a time says nothing, as upstream compares it with the zero time. */
function isReady({ status }: Pod): boolean {
  let ready = false;
  let lastMs = -Infinity;
  for (const { type, status: value, lastTransitionTime } of status?.conditions ?? []) {
    const atMs = Date.parse(lastTransitionTime ?? '');
    if (type !== 'Ready' || !(atMs > lastMs)) continue;
    ready = value === 'True';
    lastMs = atMs;
  }
  return ready;
}

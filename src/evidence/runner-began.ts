import type { Pod } from '../kubernetes/types.ts';
import { runnerContainer } from '../reconciler/pod-state.ts';

/** When the runner's container of a pod began, as the API server writes times; undefined where it has not. */
export function runnerBegan(pod: Pod): string | undefined {
  const state = runnerContainer(pod)?.state;
  return state?.running?.startedAt ?? state?.terminated?.startedAt ?? undefined;
}

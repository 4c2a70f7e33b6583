import type { Random } from '../../../base/random.ts';
import type { Pod, PodStatus } from '../../types.ts';
import type { LifeAction } from './pod-life.ts';
import type { PodPrograms } from './program.ts';
import { hasEnded, type SimulatedPod } from './simulated-pod.ts';

/** A pod that a kubelet runs. */
export interface PodInProgress {
  readonly pod: SimulatedPod;
  random: Random;
  /** How often it went through each stage. */
  times: number[];
  /** Grows with everything that is decided: what was decided before does not count any more. */
  turn: number;
  isOver: boolean;
  /** Reported while the status before it was on its way. */
  unsent: PodStatus | undefined;
  isSending: boolean;
  /** Its containers have stopped, as somebody asked: what is left is to delete it. */
  isFinished: boolean;
  /** Undefined where there are none, and when it is over. */
  programs: PodPrograms<PodInProgress> | undefined;
  /** What comes when the job of its program is over. */
  atJobEnd: Due | undefined;
}

/** What is kept of a pod that has ended, on the cluster too: nothing happens to it until somebody deletes it. */
export interface EndedPod extends Pick<PodInProgress, 'random' | 'times'> {
  /** As last seen on the cluster. */
  pod: Pod;
  readonly attempt: number;
}

/** @returns undefined for a pod that something may still happen to, or as long as the cluster does not show all that is known of it */
export function endedPodOf(life: PodInProgress): EndedPod | undefined {
  const { pod: simulated, random, times, isOver, isSending, isFinished, unsent } = life;
  const { pod, attempt, node, isDeleting } = simulated;
  if (!isOver || isSending || isFinished || unsent !== undefined || isDeleting) return undefined;
  const isShown = isEndedByStatus(pod) && hasEnded(simulated) && pod.spec.nodeName === node;
  return isShown && pod.metadata.deletionTimestamp === undefined ? { pod, attempt, random, times } : undefined;
}

/** What a kubelet has decided to do later. */
export interface Due {
  readonly life: PodInProgress;
  readonly turn: number;
  /** The stage's place; undefined where none was picked. */
  readonly index: number | undefined;
  readonly actions: readonly LifeAction[] | undefined;
}

export function isEndedByStatus({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

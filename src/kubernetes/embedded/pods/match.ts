import type { Random } from '../../../base/random.ts';
import type { LifeCondition, LifeStage } from './pod-life.ts';
import { initState, mainContainer, phaseOf, type SimulatedPod } from './simulated-pod.ts';

/**
 * The stage that a pod enters in its present state: the first that matches. If that has a weight, it is drawn among all
 * that match and have one.
 * @param times how often the pod went through each stage, by its place
 */
export function pickStage<T extends LifeStage>(
  stages: readonly T[],
  pod: SimulatedPod,
  times: readonly number[],
  random: Random,
): { readonly stage: T; readonly index: number } | undefined {
  const matches = (stage: T, index: number): boolean => (times[index] ?? 0) < stage.times && holds(stage.when, pod);
  const first = stages.findIndex(matches);
  const stage = stages[first];
  if (stage === undefined) return undefined;
  if (stage.weight === undefined) return { stage, index: first };
  const drawn = stages.flatMap((one, index) => {
    return one.weight === undefined || !matches(one, index) ? [] : [{ stage: one, index, weight: one.weight }];
  });
  let at = random.next() * drawn.reduce((sum, { weight }) => sum + weight, 0);
  return drawn.find(({ weight }) => (at -= weight) < 0) ?? { stage, index: first };
}

function holds(when: LifeCondition, pod: SimulatedPod): boolean {
  const { node, init, phase, labels, attempt } = when;
  if (when.deleting !== pod.isDeleting) return false;
  if (node === 'none' ? pod.node !== undefined : node !== undefined && !isOnNode(node, pod)) return false;
  if (init !== undefined && initState(pod) !== init) return false;
  if (phase !== undefined && phaseOf(pod) !== phase) return false;
  if (attempt !== undefined && (pod.attempt < attempt.atLeast || pod.attempt > attempt.atMost)) return false;
  if (labels !== undefined) {
    const own = pod.pod.metadata.labels ?? {};
    if (Object.entries(labels).some(([name, value]) => own[name] !== value)) return false;
  }
  return containerHolds(when, pod);
}

function isOnNode(node: string, pod: SimulatedPod): boolean {
  return node === 'any' ? pod.node !== undefined : pod.node === node;
}

function containerHolds({ container, state, reason, exitCode }: LifeCondition, pod: SimulatedPod): boolean {
  if (state === undefined && reason === undefined && exitCode === undefined) return true;
  if (initState(pod) !== 'done') return false;
  const about = container === undefined ? mainContainer(pod) : containerNamed(pod, container);
  if (about === undefined) return false;
  const { waiting, running, terminated } = about.state;
  if (state === 'running' && running === undefined) return false;
  if (state === 'terminated' && terminated === undefined) return false;
  if (state === 'waiting' && waiting === undefined) return false;
  if (reason !== undefined && (waiting ?? terminated)?.reason !== reason) return false;
  return exitCode === undefined || terminated?.exitCode === exitCode;
}

function containerNamed({ containers, initContainers }: SimulatedPod, name: string) {
  return [...containers, ...initContainers].find(({ spec }) => spec.name === name);
}

import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Kubelet, type KubeletOptions } from '../kubernetes/embedded/kubelet.ts';
import type { PodPlan } from '../kubernetes/embedded/pods/pod-plan.ts';
import { runnerPrograms } from './arc-programs.ts';
import { RunnerJobs } from './runner-jobs.ts';

interface SimulatedPods extends Pick<KubeletOptions, 'binds' | 'events' | 'includes'> {
  readonly clock: Clock;
  readonly epochMs: number;
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly seed: number;
  readonly plan: PodPlan;
  /** The simulated service, which hears how jobs go; undefined where runners are registered with a real one. */
  readonly service: EmbeddedActionsService | undefined;
}

/** Pods that a kubelet runs. */
export interface RunningPods extends Disposable, Pick<Kubelet, 'act'> {
  /** Pods and their jobs go by another plan, which nothing goes wrong in, and draw by another seed from now on. */
  liveAsUsual(plan: PodPlan, seed: number): void;
}

/**
 * Runs a kubelet that moves pods through the lives of a plan. Runners of scale sets that the service knows get their jobs
 * from there; of the others it hears how their jobs go.
 */
export function simulatePods({ clock, cluster, epochMs, service, ...options }: SimulatedPods): RunningPods {
  const observer = service === undefined ? undefined : new RunnerJobs(service, options.plan.job);
  const kubelet = new Kubelet(clock, cluster, {
    ...options,
    nowMs: () => epochMs + clock.nowUs() / 1000,
    ...(observer === undefined || service === undefined
      ? {}
      : { observer, programs: runnerPrograms(clock, service, observer) }),
  });
  return {
    act: (key, action) => kubelet.act(key, action),
    liveAsUsual: (plan, seed) => {
      observer?.endAsUsual();
      kubelet.changePlan(plan, seed);
    },
    dispose: () => kubelet.dispose(),
  };
}

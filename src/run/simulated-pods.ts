import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Kubelet, type KubeletOptions } from '../kubernetes/embedded/kubelet.ts';
import type { PodPlan } from '../kubernetes/embedded/pods/pod-plan.ts';
import { runnerPrograms } from './arc-programs.ts';
import type { JobObserver } from './runner-program.ts';
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
  /** Hears of the jobs that the service gives. */
  readonly jobs?: JobObserver | undefined;
}

/**
 * Runs a kubelet that moves pods through the lives of a plan. Runners of scale sets that the service knows get their jobs
 * from there; of the others it hears how their jobs go.
 */
export function simulatePods({ clock, cluster, epochMs, service, jobs, ...options }: SimulatedPods): Disposable {
  return new Kubelet(clock, cluster, {
    ...options,
    nowMs: () => epochMs + clock.nowUs() / 1000,
    ...(service === undefined
      ? {}
      : { observer: new RunnerJobs(service, options.plan.job), programs: runnerPrograms(clock, service, jobs) }),
  });
}

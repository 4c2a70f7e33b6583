import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { Clock } from '../base/clock.ts';
import type { StartProgram } from '../kubernetes/embedded/pods/program.ts';
import type { Pod } from '../kubernetes/types.ts';
import type { ListenerObserver } from '../listener/observer.ts';
import type { ListenerHost } from '../listener/process.ts';
import { LISTENER_CONTAINER } from '../reconciler/autoscaling-listener/names.ts';
import { RUNNER_CONTAINER } from '../reconciler/names.ts';
import { ListenerProgram } from './listener-program.ts';
import { RunnerJobs } from './runner-jobs.ts';
import { RunnerProgram } from './runner-program.ts';

/** What runs in the pods of runners whose scale set the service knows. Others end as the life of their pod says. */
export function runnerPrograms(
  clock: Clock,
  service: EmbeddedActionsService,
  jobs = new RunnerJobs(service, 'runs'),
): StartProgram {
  return ({ metadata: { name } }, container, host) =>
    container === RUNNER_CONTAINER && service.givesJobTo(name)
      ? new RunnerProgram({ clock, service, name, jobs }, host)
      : undefined;
}

/** @param observerOf who hears what the listener of a pod does */
export function listenerPrograms(
  hostOf: (pod: Pod) => ListenerHost,
  observerOf: (pod: Pod) => ListenerObserver,
): StartProgram {
  return (pod, container, { exit }) =>
    container === LISTENER_CONTAINER ? new ListenerProgram(hostOf(pod), pod, observerOf(pod), exit) : undefined;
}

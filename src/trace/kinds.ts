import { LISTENER_KIND, RUNNER_KIND, SET_KIND } from './model.ts';

/** By the controller's name in lower case. */
const KIND_OF_CONTROLLER: Readonly<Record<string, string>> = {
  ephemeralrunner: RUNNER_KIND,
  // It takes runners out of the service, beside the controller that reconciles them.
  runnerunregistration: RUNNER_KIND,
  ephemeralrunnerset: SET_KIND,
  autoscalingrunnerset: 'AutoscalingRunnerSet',
  autoscalinglistener: 'AutoscalingListener',
  // Its passes are the processes of listeners.
  listener: LISTENER_KIND,
};

/**
 * The kind of what a controller reconciles. Objects of different kinds may have the same name: an object is known by both.
 * @param controller where it is not known it is that of runners, whose passes were the only ones in the first traces
 */
export function kindOfController(controller = ''): string {
  if (controller === '') return RUNNER_KIND;
  return KIND_OF_CONTROLLER[controller.toLowerCase()] ?? controller;
}

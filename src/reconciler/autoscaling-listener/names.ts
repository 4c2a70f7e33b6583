/** Names that ARC gives to a listener's things. */
export const LISTENER_FINALIZER = 'autoscalinglistener.actions.github.com/finalizer';
export const LISTENER_CONTAINER = 'listener';
/** What the passes of a listener's process are of, as those of controllers are of theirs. */
export const LISTENER = 'listener';
export const LISTENER_COMMAND = '/ghalistener';
export const CONFIG_FOLDER = '/etc/gha-listener';
export const CONFIG_FILE = 'config.json';
/** On roles and role bindings, which are in another namespace than their listener: whose they are. */
export const LISTENER_NAME_LABEL = 'auto-scaling-listener-name';
export const LISTENER_NAMESPACE_LABEL = 'auto-scaling-listener-namespace';

export function configSecretName(listenerName: string): string {
  return `${listenerName}-config`;
}

export function proxySecretName(listenerName: string): string {
  return `${listenerName}-proxy`;
}

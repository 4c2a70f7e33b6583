/** Where the lab's own settings are read and changed while it serves; no Kubernetes path begins so. */
export const CONTROL_PATH = '/lab/conditions';

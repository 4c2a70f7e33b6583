/** What a controller does after a line until its next one. */
export const DOINGS = [
  /** Nothing: the runner waits for a worker. */
  'queue',
  'jit',
  /** Another call to the Actions service. */
  'service',
  'runners',
  'secrets',
  'pods',
  /** After the registration is stored: in releases that do one step a pass the pass ends, in others it goes on. */
  'registered',
  /** The same after the secret. */
  'secret made',
  'back-off',
  /** Waits for its pod, or for nothing. */
  'rest',
] as const;

export type Doing = (typeof DOINGS)[number];

export const MILESTONES = [
  'created',
  'registered',
  'secret',
  'podCreated',
  'scheduled',
  'running',
  'jobAssigned',
  'jobStarted',
  'finished',
  'deleted',
  'gone',
] as const;

export type Milestone = (typeof MILESTONES)[number];

/** With any of these a runner no longer waits for its pod to run: it has run, or it goes. */
export const RAN_OR_GOES = ['running', 'jobStarted', 'finished', 'deleted', 'gone'] as const;

/** What findings look for in the life of a runner. */
export type Note =
  | 'removal refused'
  | 'quota'
  | 'pod refused'
  | 'pod exists'
  | 'name conflict'
  | 'exists after exit'
  | 'pod failed'
  | 'container failed'
  | 'pod ended'
  | 'backs off'
  | 'failed for good'
  | 'recreated'
  | 'outdated'
  | 'secret corrupted'
  | 'waits for its resources'
  | 'waits for its hooks'
  | 'nothing new'
  | 'new message'
  | 'error';

export interface Meaning {
  readonly doing?: Doing;
  readonly milestone?: Milestone;
  readonly note?: Note;
  /**
   * Requests for secrets that come with it and have no line: a registration reads GitHub's secret, looks for the runner's
   * own and makes it, later passes read that one.
   */
  readonly secretRequests?: number;
  /** Whether a pass logs it of a runner that has a pod, or had one. */
  readonly isPodThere?: boolean;
  /** Which of the lines that each release writes of every runner on its way to a pod it is. */
  readonly always?: Always;
}

/** What each release says of every runner, in this order. */
export const ALWAYS = ['registered', 'secret', 'podSpec', 'pod'] as const;

export type Always = (typeof ALWAYS)[number];

/** The messages of ARC's EphemeralRunner controller, 0.9.3 to 0.14.2, that say more than that a pass goes on. */
export const RUNNER_MESSAGES: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['Adding finalizer', { doing: 'runners' }],
  ['Adding finalizers', { doing: 'runners' }],
  ['Successfully added finalizer', { doing: 'queue' }],
  ['Successfully added finalizers', { doing: 'secrets' }],
  ['Adding runner registration finalizer', { doing: 'runners' }],
  ['Successfully added runner registration finalizer', { doing: 'queue' }],
  ['Creating new ephemeral runner registration and updating status with runner config', { doing: 'secrets' }],
  ['Creating ephemeral runner JIT config', { doing: 'jit', secretRequests: 3 }],
  ['Created ephemeral runner JIT config', { doing: 'runners', milestone: 'registered', always: 'registered' }],
  ['Updating ephemeral runner status with runnerId and runnerJITConfig', { doing: 'runners' }],
  ['Updated ephemeral runner status with runnerId and runnerJITConfig', { doing: 'registered' }],
  ['Creating new ephemeral runner secret for jitconfig.', { doing: 'secrets' }],
  ['Creating new secret for ephemeral runner', { doing: 'secrets' }],
  ['Created new secret spec for ephemeral runner', { doing: 'secrets' }],
  ['Created ephemeral runner secret', { doing: 'secret made', milestone: 'secret', always: 'secret' }],
  ['Created new ephemeral runner secret for jitconfig.', { doing: 'secret made' }],
  ['Updating ephemeral runner status with runnerId and runnerName', { doing: 'runners' }],
  ['Updated ephemeral runner status with runnerId and runnerName', { doing: 'pods' }],
  ['Creating new EphemeralRunner pod.', { doing: 'pods', secretRequests: 1 }],
  ['Ephemeral runner pod does not exist. Creating new ephemeral runner', { doing: 'pods' }],
  ['Creating new pod for ephemeral runner', { doing: 'pods' }],
  ['Created new pod spec for ephemeral runner', { doing: 'pods', always: 'podSpec' }],
  ['Created ephemeral runner pod', { doing: 'rest', milestone: 'podCreated', always: 'pod' }],
  ['Waiting for runner container status to be available', { doing: 'rest', secretRequests: 1, isPodThere: true }],
  ['Ephemeral runner container is still running', { doing: 'rest', secretRequests: 1, isPodThere: true }],
  [
    'Runner container is still running; updating ephemeral runner status',
    { doing: 'rest', secretRequests: 1, isPodThere: true },
  ],
  ['Updating ephemeral runner status with pod phase', { doing: 'runners', isPodThere: true }],
  ['Updating ephemeral runner status', { doing: 'runners', isPodThere: true }],
  ['Updated ephemeral runner status with pod phase', { doing: 'rest', isPodThere: true }],
  ['Updated ephemeral runner status', { doing: 'rest', isPodThere: true }],

  ['Checking if runner exists in GitHub service', { doing: 'service', milestone: 'finished', isPodThere: true }],
  ['Runner exists in GitHub service', { doing: 'rest', isPodThere: true }],
  ['Runner does not exist in GitHub service', { doing: 'rest' }],
  ['Ephemeral runner has finished successfully', { doing: 'rest', milestone: 'finished', isPodThere: true }],
  [
    'Ephemeral runner has finished successfully, deleting ephemeral runner',
    { doing: 'runners', milestone: 'finished', isPodThere: true },
  ],
  [
    'Ephemeral runner has finished since it does not exist in the service anymore',
    { doing: 'rest', milestone: 'finished', isPodThere: true },
  ],
  ['Request to delete ephemeral runner has been issued', { doing: 'rest', milestone: 'deleted' }],
  ['EphemeralRunner status is marked as Finished', { doing: 'rest' }],
  ['Finalizing ephemeral runner', { doing: 'service', milestone: 'deleted' }],
  ['Removing runner from the service', { doing: 'service' }],
  ['Removing the runner from the service', { doing: 'service' }],
  ['Trying to clean up runner from the service', { doing: 'service' }],
  ['Trying to remove the runner from the service', { doing: 'service' }],
  ['Removed runner from the service', { doing: 'rest' }],
  ['Removed the runner from the service', { doing: 'rest' }],
  ['Successfully removed runner registration from service', { doing: 'rest' }],
  ['Runner is cleaned up from the service, removing finalizer', { doing: 'runners' }],
  ['Cleaning up the runner pod', { doing: 'rest' }],
  ['Removing finalizer', { doing: 'runners' }],
  ['Successfully removed finalizer after cleanup', { doing: 'rest', milestone: 'gone' }],

  ['Runner is still running the job. Re-queue in 30 seconds', { doing: 'back-off', note: 'removal refused' }],
  ['Runner is not finished yet, retrying in 30s', { doing: 'back-off', note: 'removal refused' }],
  [
    'Runner job is still running, cannot remove the runner from the service yet',
    { doing: 'back-off', note: 'removal refused' },
  ],
  ['Resource quota is exceeded; requeue in 30s to retry pod creation', { doing: 'back-off', note: 'quota' }],
  [
    'Failed to create a pod due to resource quota exceeded and the ephemeral runner is about to expire; re-creating the ephemeral runner',
    { doing: 'rest', note: 'quota' },
  ],
  ['Failed to create a pod due to unrecoverable failure', { doing: 'runners', note: 'pod refused' }],
  ['Failed to create pod resource for ephemeral runner.', { doing: 'rest' }],
  [
    'Runner pod already exists. Waiting for the pod event to be received',
    { doing: 'rest', note: 'pod exists', isPodThere: true },
  ],
  [
    'Getting runner jit config failed with conflict error, trying to get the runner by name',
    { doing: 'service', note: 'name conflict' },
  ],
  [
    'Ephemeral runner pod has finished, but the runner still exists in the service. Deleting the pod to restart it.',
    { doing: 'pods', note: 'exists after exit', isPodThere: true },
  ],
  [
    'Ephemeral runner container failed',
    { doing: 'rest', milestone: 'finished', note: 'container failed', isPodThere: true },
  ],
  [
    'Ephemeral runner container has failed, and runner container termination exit code is non-zero',
    { doing: 'rest', milestone: 'finished', note: 'container failed', isPodThere: true },
  ],
  [
    'Pod set the termination phase, but container state is not terminated. Deleting pod',
    { doing: 'rest', milestone: 'finished', note: 'pod ended', isPodThere: true },
  ],
  [
    'EphemeralRunner pod is deleted and status is updated with failure count',
    { doing: 'rest', note: 'pod failed', isPodThere: true },
  ],
  ['Backing off the next reconciliation due to failure', { doing: 'back-off', note: 'backs off' }],
  ['EphemeralRunner is marked as Failed and deleted from the service', { doing: 'rest', note: 'failed for good' }],
  ['EphemeralRunner has failed more than 5 times. Marking it as failed', { doing: 'runners', note: 'failed for good' }],
  [
    'EphemeralRunner has failed more than 5 times. Deleting ephemeral runner so it can be re-created',
    { doing: 'runners', note: 'recreated' },
  ],
  ['Updating ephemeral runner status to Outdated', { doing: 'runners', milestone: 'finished', note: 'outdated' }],
  ['Runner config secret is corrupted: missing runnerId', { doing: 'secrets', note: 'secret corrupted' }],
  ['Waiting for ephemeral runner owned resources to be deleted', { doing: 'rest', note: 'waits for its resources' }],
  ['Waiting for container hooks resources to be deleted', { doing: 'rest', note: 'waits for its hooks' }],
]);

/** From which version of ARC on, and up to which one, something is logged; left out, there is no bound. */
export interface Versions {
  readonly since?: string;
  readonly until?: string;
}

/** Which versions log what, of the messages that not all have. */
export const SAID_BY: ReadonlyMap<string, Versions> = new Map<string, Versions>([
  ['Adding finalizer', { until: '0.13.0' }],
  ['Adding finalizers', { since: '0.13.1' }],
  ['Checking if runner exists in GitHub service', { until: '0.11.0' }],
  ['Creating new EphemeralRunner pod.', { until: '0.12.1' }],
  ['Ephemeral runner pod does not exist. Creating new ephemeral runner', { since: '0.13.0' }],
  ['Ephemeral runner container is still running', { until: '0.13.0' }],
  ['Runner container is still running; updating ephemeral runner status', { since: '0.13.1' }],
  ['Ephemeral runner has finished successfully', { since: '0.12.1', until: '0.12.1' }],
  ['Ephemeral runner has finished successfully, deleting ephemeral runner', { since: '0.13.0' }],
  ['EphemeralRunner status is marked as Finished', { until: '0.12.1' }],
  ['EphemeralRunner has failed more than 5 times. Marking it as failed', { until: '0.11.0' }],
  ['Backing off the next reconciliation due to failure', { since: '0.12.1' }],
  ['Waiting for ephemeral runner owned resources to be deleted', { until: '0.10.1' }],
  ['Successfully removed runner registration finalizer', { until: '0.10.1' }],
  ['Updated ephemeral runner status with pod phase', { until: '0.10.1' }],
  ['Updated ephemeral runner status', { since: '0.11.0' }],
  ['Pod is deleted', { until: '0.10.1' }],
  ['Runner pod is deleted', { since: '0.11.0' }],
  ['Deleted the runner pod', { since: '0.11.0' }],
  ['Trying to clean up runner from the service', { since: '0.11.0' }],
  ['Runner is not finished yet, retrying in 30s', { since: '0.11.0' }],
  ['Runner is still running the job. Re-queue in 30 seconds', { until: '0.10.1' }],
  ['Resource quota is exceeded; requeue in 30s to retry pod creation', { since: '0.13.1' }],
  ['Updated ephemeral runner status with runnerId and runnerJITConfig', { until: '0.12.1' }],
  ['Updated ephemeral runner status with runnerId and runnerName', { since: '0.13.0' }],
  ['Updating ephemeral runner status to Outdated', { since: '0.14.0' }],
  ['Runner job is still running, cannot remove the runner from the service yet', { since: '0.14.0' }],
  ['Using default bucket rate limiter', { since: '0.14.2' }],
]);

import type { PassResult, TraceRequest } from '../../trace/model.ts';

/** A line after which the worker's pass is over. */
export interface PassEnding {
  readonly result: PassResult;
  /** The delay that a requeue asks for, where all releases ask for the same. */
  readonly afterUs?: number;
}

const DONE: PassEnding = { result: 'done' };
const REQUEUE: PassEnding = { result: 'requeue' };
const IN_30_S: PassEnding = { result: 'requeue-after', afterUs: 30e6 };
const LATER: PassEnding = { result: 'requeue-after' };

/** The last lines of passes, ARC 0.9.3 to 0.14.2. */
export const ENDINGS: ReadonlyMap<string, PassEnding> = new Map<string, PassEnding>([
  ['Successfully added finalizer', DONE],
  ['Successfully added runner registration finalizer', DONE],
  ['Created ephemeral runner pod', DONE],
  ['Waiting for runner container status to be available', DONE],
  ['Updated ephemeral runner status with pod phase', DONE],
  ['Updated ephemeral runner status', DONE],
  ['EphemeralRunner status is marked as Finished', DONE],
  ['Ephemeral runner has finished successfully, deleting ephemeral runner', DONE],
  [
    'EphemeralRunner has already finished. Stopping reconciliation and waiting for EphemeralRunnerSet to clean it up',
    DONE,
  ],
  ['EphemeralRunner is marked as Failed and deleted from the service', DONE],
  ['EphemeralRunner pod is deleted and status is updated with failure count', DONE],
  ['Runner pod already exists. Waiting for the pod event to be received', DONE],
  ['Successfully removed runner registration finalizer', DONE],
  ['Successfully removed finalizer after cleanup', DONE],
  ['Waiting for ephemeral runner owned resources to be deleted', REQUEUE],
  ['Removed the runner with the same name, re-queuing the reconciliation', REQUEUE],
  ['Runner with the same name does not exist, re-queuing the reconciliation', REQUEUE],
  ['Waiting for container hooks resources to be deleted', { result: 'requeue-after', afterUs: 5e6 }],
  ['Runner is still running the job. Re-queue in 30 seconds', IN_30_S],
  ['Runner is not finished yet, retrying in 30s', IN_30_S],
  ['Runner job is still running, cannot remove the runner from the service yet', IN_30_S],
  ['Resource quota is exceeded; requeue in 30s to retry pod creation', IN_30_S],
  ['Backing off the next reconciliation due to failure', LATER],
]);

/** Lines after which up to 0.9.3 a pass ends, and since then goes on. */
export const ENDINGS_OF_ONE_STEP: ReadonlyMap<string, PassEnding> = new Map<string, PassEnding>([
  ['Updated ephemeral runner status with runnerId and runnerJITConfig', DONE],
  ['Created ephemeral runner secret', REQUEUE],
]);

const PHASE_COPIED: ReadonlySet<string> = new Set([
  'Updating ephemeral runner status with pod phase',
  'Updating ephemeral runner status',
]);

/** Lines that may be a pass's last, and those of the same pass that may follow. */
export const CONTINUED_BY: ReadonlyMap<string, ReadonlySet<string>> = new Map<string, ReadonlySet<string>>([
  ['Ephemeral runner container is still running', PHASE_COPIED],
  ['Runner container is still running; updating ephemeral runner status', PHASE_COPIED],
  [
    'Removed runner from the service',
    new Set([
      'EphemeralRunner is marked as Failed and deleted from the service',
      'Successfully removed runner registration from service',
      'Runner is cleaned up from the service, removing finalizer',
      'Updating ephemeral runner status to Failed',
    ]),
  ],
]);

/** What the controller asks for between a line of a pass and its next one. */
interface AskedFor extends Pick<TraceRequest, 'to' | 'verb' | 'resource'> {
  /** The next line, where others come without the request. */
  readonly before?: string;
}

const kubernetes = (verb: string, resource: string): AskedFor => ({ to: 'kubernetes', verb, resource });
const actions = (verb: string, resource: string): AskedFor => ({ to: 'actions', verb, resource });
const PATCH_RUNNER = kubernetes('patch', 'ephemeralrunners');
const PATCH_STATUS = kubernetes('patch', 'ephemeralrunners/status');
const DELETE_POD = kubernetes('delete', 'pods');

export const REQUESTS: ReadonlyMap<string, AskedFor> = new Map<string, AskedFor>([
  ['Adding finalizer', PATCH_RUNNER],
  ['Adding finalizers', PATCH_RUNNER],
  ['Successfully added finalizers', kubernetes('get', 'secrets')],
  ['Adding runner registration finalizer', PATCH_RUNNER],
  ['Removing finalizer', PATCH_RUNNER],
  ['Successfully removed runner registration from service', PATCH_RUNNER],
  ['Runner is cleaned up from the service, removing finalizer', PATCH_RUNNER],
  ['Creating ephemeral runner JIT config', actions('post', 'generatejitconfig')],
  [
    'Getting runner jit config failed with conflict error, trying to get the runner by name',
    actions('get', 'get-runner-by-name'),
  ],
  ['Removing the runner with the same name', actions('delete', 'delete-runner')],
  ['Checking if runner exists in GitHub service', actions('get', 'get-runner')],
  ['Removing runner from the service', actions('delete', 'delete-runner')],
  ['Updating ephemeral runner status with runnerId and runnerJITConfig', PATCH_STATUS],
  ['Updating ephemeral runner status with runnerId and runnerName', PATCH_STATUS],
  ['Updating ephemeral runner status with pod phase', PATCH_STATUS],
  ['Updating ephemeral runner status', PATCH_STATUS],
  ['Updating ephemeral runner status to Finished', PATCH_STATUS],
  ['Updating ephemeral runner status to Failed', PATCH_STATUS],
  ['Updating ephemeral runner status to Outdated', PATCH_STATUS],
  ['Updating ephemeral runner status to track the failure count', PATCH_STATUS],
  ['Updated ephemeral runner status with runnerId and runnerJITConfig', kubernetes('get', 'secrets')],
  ['Created new secret spec for ephemeral runner', kubernetes('create', 'secrets')],
  ['Created ephemeral runner secret', { ...kubernetes('get', 'secrets'), before: 'Creating new EphemeralRunner pod.' }],
  ['Created new pod spec for ephemeral runner', kubernetes('create', 'pods')],
  ['Deleting the ephemeral runner pod', DELETE_POD],
  ['Deleting the runner pod', DELETE_POD],
  ['Cleaning up the runner jitconfig secret', kubernetes('get', 'secrets')],
  ['Deleting the jitconfig secret', kubernetes('delete', 'secrets')],
  ['Cleaning up runner linked secrets', kubernetes('list', 'secrets')],
]);

/** Lines with which a phase of a pass begins; the names are those of our own runs. */
export const PHASES: ReadonlyMap<string, string> = new Map([
  ['Adding finalizer', 'add-finalizer'],
  ['Adding finalizers', 'add-finalizer'],
  ['Adding runner registration finalizer', 'add-registration-finalizer'],
  ['Creating new ephemeral runner registration and updating status with runner config', 'register'],
  ['Creating ephemeral runner JIT config', 'register'],
  ['Getting runner jit config failed with conflict error, trying to get the runner by name', 'resolve-name-conflict'],
  ['Creating new ephemeral runner secret for jitconfig.', 'create-secret'],
  ['Creating new EphemeralRunner pod.', 'create-pod'],
  ['Ephemeral runner pod does not exist. Creating new ephemeral runner', 'create-pod'],
  ['Waiting for runner container status to be available', 'follow-pod'],
  ['Ephemeral runner container is still running', 'follow-pod'],
  ['Runner container is still running; updating ephemeral runner status', 'follow-pod'],
  ['Updating ephemeral runner status with pod phase', 'copy-phase'],
  ['Updating ephemeral runner status', 'copy-phase'],
  ['Checking if runner exists in GitHub service', 'check-registration'],
  ['Updating ephemeral runner status to Finished', 'finish'],
  ['Ephemeral runner has finished successfully, deleting ephemeral runner', 'finish'],
  ['Updating ephemeral runner status to Failed', 'mark-failed'],
  ['Updating ephemeral runner status to Outdated', 'mark-failed'],
  ['Updating ephemeral runner status to track the failure count', 'count-failure'],
  ['Trying to clean up runner from the service', 'remove-registration'],
  ['Removing runner from the service', 'remove-registration'],
  ['Runner is cleaned up from the service, removing finalizer', 'remove-registration-finalizer'],
  ['Successfully removed runner registration from service', 'remove-registration-finalizer'],
  ['Cleaning up the runner pod', 'clean-up'],
  ['Cleaning up runner linked pods', 'clean-up-hook-objects'],
  ['Removing finalizer', 'remove-finalizer'],
]);

/** Lines that come after a pass has read the runner's secret, or more, without a line for it. */
export const AFTER_A_READ: ReadonlySet<string> = new Set([
  'Creating ephemeral runner JIT config',
  'Creating new ephemeral runner secret for jitconfig.',
  'Creating new EphemeralRunner pod.',
  'Ephemeral runner pod does not exist. Creating new ephemeral runner',
  'Waiting for runner container status to be available',
  'Ephemeral runner container is still running',
  'Runner container is still running; updating ephemeral runner status',
  'Checking if runner exists in GitHub service',
  'Ephemeral runner has finished successfully, deleting ephemeral runner',
  'Ephemeral runner container failed',
  'Pod is in failed phase, inspecting runner container status',
]);

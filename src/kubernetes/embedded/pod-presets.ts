/**
 * Lives of runners' pods as people report them, in the form in which people write their own (media/pods.schema.json).
 * What they do not say is as usual: see pods/usual-life.ts.
 */
interface PodPreset {
  readonly name: string;
  readonly description: string;
  /** Issues of actions-runner-controller that report such pods. */
  readonly issues: readonly number[];
  readonly job?: string;
  readonly capacity?: number;
  readonly nodes?: number | readonly string[];
  readonly runners?: object;
  readonly stages?: readonly object[];
}

const DIND = { name: 'dind', image: 'docker:dind' };
const INIT_DIND = { name: 'init-dind-externals', image: 'ghcr.io/actions/actions-runner:latest' };
const SLOW_NODE = 'lab-node-3';

export const POD_PRESETS: readonly PodPreset[] = [
  {
    name: 'none',
    issues: [],
    description: 'pods stay pending, as on a cluster without nodes',
    stages: [{ do: 'never' }],
  },
  {
    name: 'jobs',
    issues: [],
    description: 'pods start, run a job and exit with 0',
  },
  {
    name: 'image-pull-back-off',
    issues: [4168, 4184],
    description: 'the image cannot be pulled; runners stay pending',
    stages: [
      { when: { state: 'waiting', reason: 'ErrImagePull' }, after: '10s', do: 'back-off' },
      { when: { state: 'waiting', reason: 'ImagePullBackOff' }, after: '15s', times: 2, do: 'fail-pull' },
      { when: { state: 'waiting', reason: 'ImagePullBackOff' }, do: 'never' },
      { when: { state: 'waiting' }, after: 'start', do: 'fail-pull' },
    ],
  },
  {
    name: 'no-capacity',
    issues: [4654, 3276],
    description: 'room for two pods at a time, the others wait for a node',
    capacity: 2,
    stages: [{ when: { state: 'running' }, after: 'job or 30s', do: { exit: 0 } }],
  },
  {
    name: 'waits-for-node',
    issues: [3276],
    description: 'no node has room for two minutes, then one comes',
    stages: [
      { when: { node: 'none' }, times: 1, do: 'unschedulable' },
      { when: { node: 'none' }, after: '2m', do: 'schedule' },
    ],
  },
  {
    name: 'slow-node',
    issues: [3704, 3743],
    description: 'images take a minute and a half to arrive',
    stages: [{ when: { state: 'waiting' }, after: '90s', do: 'start' }],
  },
  {
    name: 'one-slow-node',
    issues: [4602],
    description: 'one node of eight takes nine minutes to start pods',
    nodes: 8,
    runners: { initContainers: [INIT_DIND] },
    stages: [
      { when: { node: SLOW_NODE, init: 'running' }, after: '9m', do: 'finish-init' },
      { when: { node: 'any', init: 'running' }, after: '1s', do: 'finish-init' },
    ],
  },
  {
    name: 'init-fails',
    issues: [4452, 3457],
    description: 'the init container fails, and ARC does not see it',
    job: 'none',
    runners: { initContainers: [INIT_DIND] },
    stages: [{ when: { init: 'running' }, after: '2s', do: { 'finish-init': 1 } }],
  },
  {
    name: 'fails-at-start',
    issues: [4073, 3700, 4102],
    description: 'the container ends with 1 at once, until ARC gives up',
    job: 'none',
    stages: [{ when: { state: 'running' }, after: '1s', do: { exit: 1 } }],
  },
  {
    name: 'outdated-runner',
    issues: [4600],
    description: 'the container ends with 7: its runner is too old',
    job: 'none',
    stages: [{ when: { state: 'running' }, after: '2s', do: { exit: 7 } }],
  },
  {
    name: 'exits-unregistered',
    issues: [4588, 4138],
    description: 'the container ends with 0 without a job',
    job: 'none',
    stages: [{ when: { state: 'running' }, after: 'job or 5s', do: { exit: 0 } }],
  },
  {
    name: 'oom-killed',
    issues: [4155, 3319],
    description: 'the runner is killed for its memory; a sidecar runs on',
    runners: { containers: [DIND] },
    stages: [{ when: { state: 'running' }, after: 'job or 5s', do: 'oom-kill' }],
  },
  {
    name: 'evicted',
    issues: [4258, 3014],
    description: 'the node evicts pods while they run',
    stages: [
      {
        when: { state: 'running' },
        after: 'job or 5s',
        do: { evict: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 88Mi.' },
      },
    ],
  },
  {
    name: 'job-still-running',
    issues: [4585, 4307],
    description: 'pods fail, GitHub says their jobs still run',
    job: 'never-over',
    stages: [{ when: { state: 'running' }, after: 'job or 5s', do: { exit: 1 } }],
  },
];

export function presetNamed(name: string): PodPreset | undefined {
  return POD_PRESETS.find((preset) => preset.name === name);
}

import type { ContainerStatus, PodStatus } from '../types.ts';
import type { PodStage } from './kubelet.ts';

/**
 * Lives of runners' pods as people report them. Numbers are issues of actions-runner-controller in which such pods are
 * told of.
 */
export interface PodPreset {
  readonly name: string;
  readonly issues: readonly number[];
  readonly description: string;
  /** Stages for a pod that starts after `startUs` and whose job takes `jobUs`. */
  readonly stages: (startUs: number, jobUs: number) => readonly PodStage[];
  /** How many pods there is room for at a time; the others wait for a node. */
  readonly capacity?: number;
  /** What the Actions service takes of it; default `runs`. */
  readonly job?: JobRule;
}

/**
 * The job of a simulated runner: it `runs` from the runner's start to its end, the runner gets `none`, or it is
 * `never-over` for the service, whatever becomes of the runner.
 */
export type JobRule = 'runs' | 'none' | 'never-over';

const IMAGE = 'ghcr.io/actions/actions-runner:latest';
const CONTAINER = { name: 'runner', image: IMAGE, imageID: '', restartCount: 0 };
const SECOND_US = 1_000_000;
const FOR_EVER = Infinity;
/** From a pod's creation to its running, where nothing else is said. */
export const DEFAULT_POD_START_US = SECOND_US;

function withContainer(phase: string, state: ContainerStatus['state'], ready = false): PodStatus {
  return {
    phase,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [{ ...CONTAINER, ready, state: state ?? {} }],
  };
}

const pending = (delayUs: number): PodStage => ({
  name: 'pending',
  delayUs,
  status: withContainer('Pending', { waiting: { reason: 'ContainerCreating' } }),
});

const running = (delayUs: number): PodStage => ({
  name: 'running',
  delayUs,
  status: withContainer('Running', { running: {} }, true),
});

const exited = (delayUs: number, exitCode: number): PodStage => ({
  name: 'exited',
  delayUs,
  status: withContainer(exitCode === 0 ? 'Succeeded' : 'Failed', {
    terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' },
  }),
});

function started(startUs: number): PodStage[] {
  const pullUs = Math.floor(startUs / 2);
  return [pending(startUs - pullUs), running(pullUs)];
}

function pullFails(reason: string, delayUs: number): PodStage {
  const message = `Back-off pulling image "${IMAGE}"`;
  return { name: 'pulling', delayUs, status: withContainer('Pending', { waiting: { reason, message } }) };
}

export const POD_PRESETS: readonly PodPreset[] = [
  {
    name: 'none',
    issues: [],
    description: 'pods stay pending, as on a cluster without nodes',
    stages: () => [],
  },
  {
    name: 'jobs',
    issues: [],
    description: 'pods start, run a job and exit with 0',
    stages: (startUs, jobUs) => (jobUs === FOR_EVER ? started(startUs) : [...started(startUs), exited(jobUs, 0)]),
  },
  {
    name: 'image-pull-back-off',
    issues: [4168, 4184],
    description: 'the image cannot be pulled: ErrImagePull, then ImagePullBackOff, and the runner stays pending',
    stages: (startUs) => [
      pending(startUs),
      pullFails('ErrImagePull', SECOND_US),
      pullFails('ImagePullBackOff', 10 * SECOND_US),
    ],
  },
  {
    name: 'no-capacity',
    issues: [4654, 3276],
    description: 'room for two pods at a time, the others wait for a node',
    capacity: 2,
    stages: (startUs, jobUs) => [...started(startUs), exited(jobUs === FOR_EVER ? 30 * SECOND_US : jobUs, 0)],
  },
  {
    name: 'slow-node',
    issues: [3704, 3743],
    description: 'images take a minute and a half to arrive',
    stages: (startUs, jobUs) => {
      const slow = [pending(startUs), running(90 * SECOND_US)];
      return jobUs === FOR_EVER ? slow : [...slow, exited(jobUs, 0)];
    },
  },
  {
    name: 'fails-at-start',
    issues: [4073, 3700, 4102],
    description: 'the container ends with 1 right after its start, until the runner is given up after five failures',
    job: 'none',
    stages: (startUs) => [...started(startUs), exited(SECOND_US, 1)],
  },
  {
    name: 'exits-unregistered',
    issues: [4588, 4138],
    description: 'the container ends with 0, but the service still knows the runner: it got no job',
    job: 'none',
    stages: (startUs, jobUs) => [...started(startUs), exited(jobUs === FOR_EVER ? 5 * SECOND_US : jobUs, 0)],
  },
  {
    name: 'evicted',
    issues: [4258, 3014],
    description: 'the node evicts pods while they run',
    stages: (startUs, jobUs) => [
      ...started(startUs),
      {
        name: 'evicted',
        delayUs: jobUs === FOR_EVER ? 5 * SECOND_US : jobUs,
        status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      },
    ],
  },
  {
    name: 'job-still-running',
    issues: [4585, 4307],
    description: 'pods fail while they run a job, which the service takes for running ever after',
    job: 'never-over',
    stages: (startUs, jobUs) => [...started(startUs), exited(jobUs === FOR_EVER ? 5 * SECOND_US : jobUs, 1)],
  },
];

export function presetNamed(name: string): PodPreset | undefined {
  return POD_PRESETS.find((preset) => preset.name === name);
}

export interface PodPlan {
  readonly stages: readonly PodStage[];
  readonly capacity?: number;
  readonly job: JobRule;
}

/**
 * What a kubelet is to do with pods; undefined where none runs and they stay pending.
 * @param settings times without a preset ask for pods that nothing goes wrong with
 */
export function podPlan(settings: {
  readonly pods: string | undefined;
  readonly podStartUs: number | undefined;
  readonly jobDurationUs: number | undefined;
}): PodPlan | undefined {
  const { pods, podStartUs, jobDurationUs } = settings;
  const isAsked = pods !== undefined || podStartUs !== undefined || jobDurationUs !== undefined;
  const preset = isAsked ? presetNamed(pods ?? 'jobs') : undefined;
  const stages = preset?.stages(podStartUs ?? DEFAULT_POD_START_US, jobDurationUs ?? FOR_EVER) ?? [];
  if (preset === undefined || stages.length === 0) return undefined;
  const { capacity, job = 'runs' } = preset;
  return { stages, job, ...(capacity === undefined ? {} : { capacity }) };
}

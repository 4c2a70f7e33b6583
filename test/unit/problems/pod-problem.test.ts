import assert from 'node:assert/strict';
import { podProblem, problemSentence, type PodProblem } from '../../../src/problems/pod-problem.ts';
import { codeWords, reasonFirst, withReason } from '../../../src/problems/code-words.ts';
import { runnerNote } from '../../../src/problems/runner-note.ts';
import type { EphemeralRunner, EphemeralRunnerStatus, Pod, PodStatus } from '../../../src/kubernetes/types.ts';
import type { TraceHeader } from '../../../src/trace/model.ts';
import { aPod, aRunner } from '../../builders/objects.ts';

const EPOCH_MS = Date.parse('2026-03-02T09:00:00Z');
/** Ten minutes after the trace's beginning. */
const NOW_US = 600e6;
const at = (time: string): string => `2026-03-02T${time}Z`;
const SCHEDULED = { type: 'PodScheduled', status: 'True', lastTransitionTime: at('09:05:00') };
const INITIALIZED = { type: 'Initialized', status: 'True', lastTransitionTime: at('09:05:10') };
const RUNS = { running: { startedAt: at('09:06:00') } };

interface Case {
  readonly name: string;
  readonly status?: PodStatus;
  readonly pod?: Partial<Pod['metadata']>;
  readonly spec?: Partial<Pod['spec']>;
  readonly runner?: EphemeralRunnerStatus;
  readonly code: string;
  /** Seconds before now; undefined where the objects do not say. */
  readonly forS: number | undefined;
  readonly says: RegExp;
  readonly advice: RegExp;
}

const waiting = (reason: string, message = '', name = 'runner'): PodStatus => ({
  phase: 'Pending',
  conditions: [SCHEDULED, INITIALIZED, { type: 'Ready', status: 'False', lastTransitionTime: at('09:05:00') }],
  containerStatuses: [{ name, state: { waiting: { reason, ...(message === '' ? {} : { message }) } } }],
});

const ended = (exitCode: number, reason = 'Error'): PodStatus => ({
  phase: 'Failed',
  containerStatuses: [{ name: 'runner', state: { terminated: { exitCode, reason, finishedAt: at('09:09:00') } } }],
});

const gone = (reason: string, message: string): PodStatus => ({
  phase: 'Failed',
  reason,
  message,
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'X', lastTransitionTime: at('09:09:30') }],
  containerStatuses: [{ name: 'runner', state: RUNS }],
});

const CASES: readonly Case[] = [
  {
    name: 'an image that cannot be pulled',
    status: waiting('ImagePullBackOff', 'Back-off pulling image "ghcr.io/heron/runner:v9"'),
    code: 'ImagePullBackOff',
    forS: 290,
    says: /^Pod cannot pull its image \(ImagePullBackOff\) for 4 min 50 s: Back-off pulling image "ghcr\.io\/heron\/runner:v9"\.$/,
    advice: /Check image, tag and imagePullSecrets/,
  },
  {
    name: "a sidecar's image that cannot be pulled while the runner runs",
    status: {
      phase: 'Pending',
      conditions: [SCHEDULED, INITIALIZED],
      containerStatuses: [
        { name: 'runner', state: RUNS },
        { name: 'dind', state: { waiting: { reason: 'ErrImagePull', message: 'manifest unknown' } } },
      ],
    },
    code: 'ErrImagePull',
    forS: 290,
    says: /Pod cannot pull the image of dind \(ErrImagePull\).*manifest unknown/,
    advice: /imagePullSecrets/,
  },
  {
    name: 'an image name that cannot be read',
    status: waiting('InvalidImageName', 'couldn\'t parse image name "Runner::1"'),
    code: 'InvalidImageName',
    forS: 290,
    says: /cannot pull its image \(InvalidImageName\)/,
    advice: /Correct the name of the image/,
  },
  {
    name: 'a pod for which no node has room',
    status: {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '0/3 nodes are available: 3 Insufficient memory.',
          lastTransitionTime: at('09:08:00'),
        },
      ],
    },
    code: 'Unschedulable',
    forS: 120,
    says: /^Pod cannot be scheduled \(Unschedulable\) for 2 min 0 s: 0\/3 nodes are available: 3 Insufficient memory\.$/,
    advice: /Add nodes/,
  },
  {
    name: 'a pod that no scheduler has looked at',
    status: { phase: 'Pending' },
    pod: { creationTimestamp: at('09:09:00') },
    code: 'NotScheduled',
    forS: 60,
    says: /No scheduler has looked at the pod/,
    advice: /schedulerName/,
  },
  {
    name: 'a node that has not begun',
    status: { phase: 'Pending', conditions: [SCHEDULED] },
    spec: { nodeName: 'node-9' },
    code: 'NotStarted',
    forS: 300,
    says: /Node node-9 has not started the pod/,
    advice: /kubelet/,
  },
  {
    name: 'containers that are being created for long',
    status: waiting('ContainerCreating'),
    code: 'ContainerCreating',
    forS: 290,
    says: /still being created \(ContainerCreating\) for 4 min 50 s/,
    advice: /events of the pod/,
  },
  {
    name: 'a secret that the container needs and that is missing',
    status: waiting('CreateContainerConfigError', 'secret "registry-key" not found'),
    code: 'CreateContainerConfigError',
    forS: 290,
    says: /Container runner cannot be created .*secret "registry-key" not found/,
    advice: /Create the secret/,
  },
  {
    name: 'a command that cannot be started',
    status: waiting('RunContainerError', 'exec: "/no/such": no such file or directory'),
    code: 'RunContainerError',
    forS: 290,
    says: /Container runner cannot be started/,
    advice: /Check command/,
  },
  {
    name: 'a container that keeps ending',
    status: {
      phase: 'Running',
      conditions: [SCHEDULED, INITIALIZED],
      containerStatuses: [
        {
          name: 'runner',
          restartCount: 6,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s restarting failed container' } },
          lastState: { terminated: { exitCode: 3, reason: 'Error', finishedAt: at('09:08:20') } },
        },
      ],
    },
    code: 'CrashLoopBackOff',
    forS: 100,
    says: /Container runner keeps ending with exit code 3 \(CrashLoopBackOff\)/,
    advice: /--previous/,
  },
  {
    name: 'an eviction',
    status: gone('Evicted', 'The node was low on resource: memory. Container runner was using 900Mi.'),
    code: 'Evicted',
    forS: 30,
    says: /The node evicted the pod \(Evicted\) for 30 s: The node was low on resource: memory/,
    advice: /memory and disk/,
  },
  {
    name: 'a preemption',
    status: gone('Preempting', 'Preempted in order to admit critical pod'),
    code: 'Preempting',
    forS: 30,
    says: /preempted by one of higher priority/,
    advice: /priority class/,
  },
  {
    name: 'a deadline',
    status: gone('DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'),
    code: 'DeadlineExceeded',
    forS: 30,
    says: /longer than its activeDeadlineSeconds/,
    advice: /activeDeadlineSeconds/,
  },
  {
    name: 'a node that no longer answers',
    status: {
      phase: 'Running',
      reason: 'NodeLost',
      message: 'Node node-4 which was running pod job1 is unresponsive',
      conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: at('09:04:00') }],
      containerStatuses: [{ name: 'runner', state: RUNS }],
    },
    spec: { nodeName: 'node-4' },
    code: 'NodeLost',
    forS: 360,
    says: /Node node-4 no longer answers \(NodeLost\) for 6 min 0 s/,
    advice: /Check the node/,
  },
  {
    name: 'a pod that is stuck in its deletion',
    status: { phase: 'Running', containerStatuses: [{ name: 'runner', state: RUNS }] },
    pod: { deletionTimestamp: at('09:08:30'), deletionGracePeriodSeconds: 30, finalizers: ['example.test/keep'] },
    code: 'Terminating',
    forS: 90,
    says: /still exists after its grace period \(Terminating\) for 1 min 30 s: it is kept by example\.test\/keep/,
    advice: /--force/,
  },
  {
    name: 'exit code 1',
    status: ended(1),
    code: 'exit 1',
    forS: 60,
    says: /Container runner ended with exit code 1, an error in its log/,
    advice: /Read the log/,
  },
  {
    name: 'exit code 7',
    status: ended(7),
    code: 'exit 7',
    forS: 60,
    says: /exit code 7, the version of the runner is no longer accepted/,
    advice: /newer runner image/,
  },
  { name: 'exit code 137', status: ended(137), code: 'exit 137', forS: 60, says: /SIGKILL/, advice: /memory/ },
  { name: 'exit code 139', status: ended(139), code: 'exit 139', forS: 60, says: /SIGSEGV/, advice: /log/ },
  { name: 'exit code 143', status: ended(143), code: 'exit 143', forS: 60, says: /SIGTERM/, advice: /log/ },
  { name: 'any signal', status: ended(134), code: 'exit 134', forS: 60, says: /ended by signal 6/, advice: /log/ },
  {
    name: 'a runner that ran out of memory while a sidecar keeps the pod Running',
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at('09:07:41') }],
      containerStatuses: [
        {
          name: 'runner',
          state: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: at('09:07:41') } },
        },
        { name: 'docker', state: RUNS },
      ],
    },
    runner: { phase: 'Running', ready: true, runnerId: 5 },
    code: 'OOMKilled',
    forS: 139,
    says: /^Container runner ran out of memory and was killed while docker keeps the pod Running \(OOMKilled\) for 2 min 19 s\.$/,
    advice: /memory limit/,
  },
  {
    name: 'an init container that runs for long',
    spec: {
      initContainers: [{ name: 'tools' }, { name: 'sidecar', restartPolicy: 'Always' }, { name: 'copy-externals' }],
    },
    status: {
      phase: 'Pending',
      conditions: [SCHEDULED, { type: 'Initialized', status: 'False' }],
      initContainerStatuses: [
        { name: 'copy-externals', state: { running: { startedAt: at('09:05:30') } } },
        { name: 'sidecar', state: { running: { startedAt: at('09:05:20') } } },
        { name: 'tools', state: { terminated: { exitCode: 0, finishedAt: at('09:05:10') } } },
      ],
      containerStatuses: [{ name: 'runner', state: { waiting: { reason: 'PodInitializing' } } }],
    },
    code: 'InitRunning',
    forS: 270,
    says: /Init container copy-externals still runs .*for 4 min 30 s/,
    advice: /other nodes/,
  },
  {
    name: 'an init container that failed, which ARC does not see',
    spec: { initContainers: [{ name: 'prepare' }] },
    status: {
      phase: 'Failed',
      initContainerStatuses: [
        { name: 'prepare', state: { terminated: { exitCode: 2, reason: 'Error', finishedAt: at('09:06:00') } } },
      ],
      containerStatuses: [{ name: 'runner', state: { waiting: { reason: 'PodInitializing' } } }],
    },
    code: 'exit 2',
    forS: 240,
    says: /Init container prepare ended with exit code 2/,
    advice: /delete the pod/,
  },
  {
    name: "an init container's image",
    spec: { initContainers: [{ name: 'prepare' }] },
    status: {
      phase: 'Pending',
      conditions: [SCHEDULED],
      initContainerStatuses: [{ name: 'prepare', state: { waiting: { reason: 'ImagePullBackOff' } } }],
      containerStatuses: [{ name: 'runner', state: { waiting: { reason: 'PodInitializing' } } }],
    },
    code: 'ImagePullBackOff',
    forS: 300,
    says: /image of prepare/,
    advice: /imagePullSecrets/,
  },
  {
    name: 'exit code 0 of a runner that the service still knows',
    status: { ...ended(0, 'Completed'), phase: 'Succeeded' },
    pod: { uid: 'pod-1' },
    runner: { failures: { 'pod-1': true } },
    code: 'exit 0',
    forS: 60,
    says: /exit code 0 without a job/,
    advice: /took no job/,
  },
  {
    name: 'a reason that is not known here',
    status: waiting('SomethingNew', 'the kubelet says so'),
    code: 'SomethingNew',
    forS: 290,
    says: /Container runner waits \(SomethingNew\).*the kubelet says so/,
    advice: /events/,
  },
];

describe('what is wrong with a pod', () => {
  for (const { name, code, forS, says, advice, ...objects } of CASES) {
    it(`is said for ${name}, with since when and what to do`, () => {
      const problem = problemOf(objects);
      assert.ok(problem !== undefined, 'nothing was found');
      assert.equal(problem.code, code);
      assert.equal(problem.sinceUs === undefined ? undefined : (NOW_US - problem.sinceUs) / 1e6, forS);
      assert.match(problemSentence(problem, NOW_US), says);
      assert.match(problem.advice, advice);
      for (const text of [problem.next, problem.advice]) assert.match(text, /^[A-Z].*\.$/, 'a sentence');
    });
  }

  it('is nothing while a pod starts as every pod does, runs, or has done its job', () => {
    const justNow = { ...SCHEDULED, lastTransitionTime: at('09:09:58') };
    const fine: readonly Omit<Case, 'name' | 'code' | 'forS' | 'says' | 'advice'>[] = [
      { status: { phase: 'Pending' }, pod: { creationTimestamp: at('09:09:59') } },
      { status: { phase: 'Pending', conditions: [justNow] } },
      { status: { ...waiting('ContainerCreating'), conditions: [justNow] } },
      { status: { phase: 'Running', containerStatuses: [{ name: 'runner', state: RUNS }] } },
      { status: { ...ended(0, 'Completed'), phase: 'Succeeded' } },
      // The sidecar is killed when the runner has done its job.
      {
        status: {
          phase: 'Failed',
          containerStatuses: [
            { name: 'runner', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
            { name: 'dind', state: { terminated: { exitCode: 137, reason: 'Error' } } },
          ],
        },
      },
      {
        status: { phase: 'Running', containerStatuses: [{ name: 'runner', state: RUNS }] },
        pod: { deletionTimestamp: at('09:10:20') },
      },
    ];
    for (const each of fine) assert.equal(problemOf(each), undefined, JSON.stringify(each));
  });

  it('is nothing while a simulated pod takes its time in shadow, and is said of one that the cluster had before', () => {
    const shadow = (pods?: string): TraceHeader => ({
      ...{ type: 'header', version: 2, start: new Date(EPOCH_MS).toISOString(), sources: [{ kind: 'shadow' }] },
      settings: pods === undefined ? {} : { pods },
    });
    const waits = (sinceUs: number, header: TraceHeader): string | undefined => {
      const trouble = { code: 'ContainerCreating', container: 'runner', since: sinceUs };
      return podProblem({ phase: 'Pending', pod: 'pending', trouble }, NOW_US, header)?.code;
    };
    for (const pods of [undefined, 'jobs', 'none']) {
      assert.equal(waits(100e6, shadow(pods)), undefined, `a simulated pod, ${pods}`);
      assert.equal(waits(-100e6, shadow(pods)), 'ContainerCreating', `a pod of the cluster, ${pods}`);
    }
    assert.equal(waits(100e6, shadow('slow-node')), 'ContainerCreating', 'that is what the preset is for');
    assert.equal(waits(100e6, { ...shadow(), sources: [{ kind: 'remote' }] }), 'ContainerCreating');
  });

  it('says that ARC never gives up where definitions of an earlier release keep it from counting failures', () => {
    const next = (upgradeFrom: string, mode: string, oldDefinitions = true): string => {
      const settings = { upgradeFrom, mode, oldDefinitions };
      const header = { settings, sources: [{ kind: 'embedded' }] } as unknown as TraceHeader;
      const trouble = { code: 'exit 1', container: 'runner', exitCode: 1, ended: true };
      return podProblem({ phase: 'Running', pod: 'failed', trouble }, NOW_US, header)?.next ?? '';
    };
    for (const [from, to] of [
      ['0.9.3', '0.12.1'],
      ['0.11.0', '0.14.2'],
      ['0.11.0', 'latest'],
    ] as const) {
      assert.match(next(from, to), /another at once, without end: .* definitions of an earlier release/, to);
      assert.match(next(from, to, false), /gives up on a runner after more than five/, to);
    }
    for (const [from, to] of [
      ['0.9.3', '0.11.0'],
      ['0.12.1', '0.14.2'],
    ] as const)
      assert.match(next(from, to), /gives up on a runner after more than five/, `${from} to ${to}`);
  });

  it('says that ARC waits for ever for a pod whose end it does not see', () => {
    const { name: _name, ...evicted } = CASES.find(({ code }) => code === 'Evicted') as Case;
    assert.match(problemOf(evicted)?.next ?? '', /creates another/);
    const withoutStatus = {
      status: { phase: 'Failed', reason: 'Evicted', message: 'The node had condition: [DiskPressure].' },
    };
    assert.match(
      problemOf(withoutStatus)?.next ?? '',
      /does not see that the pod has ended .*: the runner stays so until somebody deletes it or its pod/,
    );
    const preempted = CASES.find(({ code }) => code === 'Preempting') as Case;
    assert.match(problemOf(preempted)?.next ?? '', /does not see/);
  });

  it('is cleared of credentials and of characters that cannot be seen', () => {
    const status = waiting('ErrImagePull', 'pull from https://user:hunter2@registry.test failed\u202e');
    const problem = problemOf({ status }, (text) => text.replace('hunter2', '[redacted]'));
    assert.doesNotMatch(problem?.words ?? '', /hunter2|\u202e/);
  });
});

describe('what is wrong with a runner', () => {
  it('is that it says Running and has no pod', () => {
    const problem = problemOf({ runner: { phase: 'Running', ready: true, failures: { x: at('07:00:12') } } });
    assert.equal(problem?.code, 'NoPod');
    assert.doesNotMatch(problemSentence(problem, NOW_US), /NoPod/);
    assert.match(problemSentence(problem, NOW_US), /reports Running but has no pod/);
  });

  it("is what the API server objects to in its pod, in the server's words", () => {
    const message =
      'Failed to create the pod: Pod "lynx-runner-x" is invalid: spec.initContainers[0].restartPolicy: ' +
      'Unsupported value: "OnFailure": supported values: "Always"';
    const problem = problemOf({ runner: { phase: 'Failed', reason: 'InvalidPod', message } });
    assert.match(
      problemSentence(problem as PodProblem, NOW_US),
      /The API server refused the pod \(InvalidPod\): spec\.initContainers\[0\]\.restartPolicy: Unsupported value: "OnFailure"/,
    );
    assert.match(problem?.advice ?? '', /pod template/);
    assert.match(problem?.next ?? '', /given up on the runner/);
  });

  it('is that too many of its pods failed', () => {
    const problem = problemOf({ runner: { phase: 'Failed', reason: 'TooManyPodFailures', message: 'Pod has failed' } });
    assert.match(problemSentence(problem as PodProblem, NOW_US), /More than five of its pods failed/);
  });

  it('is any other reason that ARC gives, with its message', () => {
    const problem = problemOf({ runner: { phase: 'Failed', reason: 'Other', message: 'so it is' } });
    assert.match(problemSentence(problem as PodProblem, NOW_US), /\(Other\): so it is\./);
  });
});

function problemOf(
  { status, pod, spec, runner }: Pick<Case, 'status' | 'pod' | 'spec' | 'runner'>,
  redact = (text: string): string => text,
): PodProblem | undefined {
  const made: EphemeralRunner = { ...aRunner(), ...(runner === undefined ? {} : { status: runner }) };
  const itsPod = status === undefined ? undefined : { ...aPod({ uid: 'pod-1', ...pod }, spec), status };
  return podProblem(runnerNote(made, itsPod, undefined, { nowUs: NOW_US, epochMs: EPOCH_MS, redact }), NOW_US);
}

describe('the word for a problem', () => {
  it('is one that people know: a reason of Kubernetes as it is, or words where it has none', () => {
    for (const reason of [
      'ImagePullBackOff',
      'Evicted',
      'OOMKilled',
      'exit 137',
      'TooManyPodFailures',
      'constructor',
    ]) {
      assert.equal(codeWords(reason), reason);
    }
    for (const own of ['NoPod', 'NotScheduled', 'NotStarted', 'InitRunning', 'PodFailed']) {
      assert.match(codeWords(own), /^[a-z]+( [a-z]+)+$/, own);
      assert.equal(reasonFirst(own, 'Pod waits'), 'Pod waits');
      assert.equal(withReason('Pod waits', own), 'Pod waits');
    }
  });

  it('is none of those that every object has, whatever a kubelet calls its reason', () => {
    for (const reason of ['constructor', 'toString', '__proto__']) {
      const problem = problemOf({ status: waiting(reason) });
      assert.match(problemSentence(problem as PodProblem, NOW_US), /^Container runner waits \(.+\) for 4 min 50 s\.$/);
    }
  });
});

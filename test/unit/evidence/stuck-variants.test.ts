import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';

/** What somebody gives: the lines of a log, or objects as kubectl prints them. */
type Given = readonly string[] | readonly object[];

/** A rule on what is stuck: what it must name, as different releases write it, and what is nearly so. */
interface Kind {
  readonly id: string;
  readonly named: Readonly<Record<string, readonly [given: Given, sentence: RegExp]>>;
  readonly nearly: Readonly<Record<string, Given>>;
}

const at = (second: number): string =>
  new Date(Date.UTC(2026, 2, 2, 12) + 1000 * second).toISOString().replace('.000Z', 'Z');

/** Lines as controllers of a version write them: text, or JSON as `logFormat: json` has it. */
function lines(logger: string, own: Readonly<Record<string, unknown>>, version: string, isJson: boolean) {
  return (second: number, message: string, more: Readonly<Record<string, unknown>> = {}, level = 'INFO'): string => {
    const fields = { version, ...own, ...more };
    if (isJson) return JSON.stringify({ severity: level.toLowerCase(), ts: at(second), logger, message, ...fields });
    return [at(second), level, logger, message, JSON.stringify(fields)].join('\t');
  };
}

const runner = (version: string, name = 'lark-1', isJson = false): ReturnType<typeof lines> =>
  lines('EphemeralRunner', { ephemeralrunner: { name, namespace: 'ci' } }, version, isJson);
const set = (version: string, isJson = false): ReturnType<typeof lines> =>
  lines('EphemeralRunnerSet', { ephemeralrunnerset: { name: 'lark', namespace: 'ci' } }, version, isJson);
const listener = (version: string, isJson = false): ReturnType<typeof lines> =>
  lines('listener-app.worker.kubernetesworker', {}, version, isJson);
/** The listener since 0.14.0. */
const slog = (second: number, message: string, fields: string): string =>
  `time=${at(second).replace('Z', '.071Z')} level=INFO source=/scaler.go:250 msg="${message}" component=worker ${fields}`;

const [v9, v10, v11, v12, v13, v14] = ['0.9.3', '0.10.1', '0.11.0', '0.12.1', '0.13.1', '0.14.2'].map((version) =>
  runner(version),
) as [Line, Line, Line, Line, Line, Line];
type Line = ReturnType<typeof lines>;
const json13 = runner('0.13.1', 'lark-1', true);

const EXCEEDED =
  'pods "lark-1" is forbidden: exceeded quota: team, requested: limits.cpu=900m, used: limits.cpu=900m, limited: limits.cpu=1';
const SUM = /^Quota team refused the pods of 1 runner: used limits\.cpu=900m \+ requested limits\.cpu=900m > 1\.$/;
const UNRECOVERABLE = 'Failed to create a pod due to unrecoverable failure';
const CONFLICT = 'Getting runner jit config failed with conflict error, trying to get the runner by name';
const EXISTS =
  'Ephemeral runner pod has finished, but the runner still exists in the service. Deleting the pod to restart it.';
const COUNTED = 'EphemeralRunner pod is deleted and status is updated with failure count';
const TARGET = 'Calculated target runner count';

const reconcilerError = (second: number, error: string): string =>
  [
    at(second),
    'ERROR',
    'Reconciler error',
    JSON.stringify({ controller: 'ephemeralrunner', EphemeralRunner: { name: 'lark-1', namespace: 'ci' }, error }),
  ].join('\t');

/** A runner that is deleted as another set's runner has its name. */
function givenUp(name: string, second: number): string[] {
  const line = runner('0.14.2', name);
  return [
    line(second, 'Creating ephemeral runner JIT config'),
    line(second, CONFLICT),
    line(second, 'Found the runner with the same name', { runnerId: 77, runnerScaleSetId: 9 }),
    line(second, 'JIT config cannot be created for this ephemeral runner, issuing delete'),
    line(second, 'Request to delete ephemeral runner has been issued'),
    line(second + 1, 'Successfully removed finalizer after cleanup'),
  ];
}

/** What a release up to 0.10.1 says of a runner whose pod does not go. */
function cleaning(line: Line, from: number, until: number): string[] {
  return Array.from({ length: (until - from) / 5 }, (_, pass) => [
    line(from + 5 * pass, 'Cleaning up the runner pod'),
    line(from + 5 * pass, 'Waiting for ephemeral runner owned resources to be deleted'),
  ]).flat();
}

function failing(line: Line, exitCode: number, times: number): string[] {
  return Array.from({ length: times }, (_, time) => [
    line(10 * time, 'Ephemeral runner container failed', { exitCode }),
    line(10 * time, COUNTED),
  ]).flat();
}

function decided(assigned: number, decision: number, current: number, seconds: readonly number[]): Given {
  return seconds.map((second) =>
    slog(second, TARGET, `"assigned job"=${assigned} decision=${decision} min=2 max=10 currentRunnerCount=${current}`),
  );
}

function decidedBy(line: Line, assigned: number, max: number, current: number): Given {
  const decision = Math.min(2 + assigned, max);
  return [0, 50, 100].map((second) =>
    line(second, TARGET, { 'assigned job': assigned, decision, min: 2, max, currentRunnerCount: current }),
  );
}

type Fields = Readonly<Record<string, unknown>>;
function object(kind: string, name: string, rest: Fields, metadata: Fields = {}): object {
  const apiVersion = kind === 'Pod' ? 'v1' : 'actions.github.com/v1alpha1';
  return { apiVersion, kind, metadata: { name, namespace: 'ci', ...metadata }, ...rest };
}
const ephemeral = (name: string, status: Fields, metadata: Fields = {}): object =>
  object('EphemeralRunner', name, { spec: {}, status }, metadata);
const pod = (name: string, status: Fields, metadata: Fields = {}): object =>
  object('Pod', name, { spec: { containers: [{ name: 'runner' }, { name: 'dind' }] }, status }, metadata);
const running = (name: string): Fields => ({ name, state: { running: { startedAt: at(0) } } });
const ended = (name: string, exitCode: number, second: number, reason = 'Error'): Fields => ({
  name,
  state: { terminated: { exitCode, reason, startedAt: at(0), finishedAt: at(second) } },
});
const scaleSetOf = (name: string): Fields => ({
  labels: { 'actions.github.com/scale-set-name': name, 'actions.github.com/scale-set-namespace': 'ci' },
});
const REGISTRATION = 'ephemeralrunner.actions.github.com/runner-registration-finalizer';
const OWN = 'ephemeralrunner.actions.github.com/finalizer';
const LISTENER = (name: string, ofSet: string): object =>
  object('AutoscalingListener', name, {
    spec: { autoscalingRunnerSetName: ofSet, autoscalingRunnerSetNamespace: 'ci' },
  });
const outdatedSet = (kind: string, name: string, status: Fields, metadata: Fields = {}): object =>
  object(kind, name, { spec: {}, status: { phase: 'Outdated', ...status } }, metadata);

const KINDS: readonly Kind[] = [
  {
    id: 'quota',
    named: {
      'up to 0.13.0, for good': [[v9(0, UNRECOVERABLE, { error: EXCEEDED }, 'ERROR')], SUM],
      'since 0.13.1, again and again': [
        [0, 30, 60].map((second) =>
          v13(second, 'Resource quota is exceeded; requeue in 30s to retry pod creation', { error: EXCEEDED }),
        ),
        SUM,
      ],
      'as JSON': [
        [json13(0, 'Resource quota is exceeded; requeue in 30s to retry pod creation', { error: EXCEEDED })],
        SUM,
      ],
      'as the error of the pass': [[reconcilerError(0, `failed to create the pod: ${EXCEEDED}`)], SUM],
    },
    nearly: {
      'forbidden by something else': [
        v9(
          0,
          UNRECOVERABLE,
          { error: 'pods "lark-1" is forbidden: violates PodSecurity "restricted:latest"' },
          'ERROR',
        ),
      ],
      'a pod like any other': [v14(0, 'Created ephemeral runner pod')],
    },
  },
  {
    id: 'pod-refused',
    named: {
      'as invalid': [
        [
          v12(
            0,
            UNRECOVERABLE,
            { error: 'Pod "lark-1" is invalid: spec.containers[0].image: Required value' },
            'ERROR',
          ),
        ],
        /^The API server refused the pod of lark-1: spec\.containers\[0\]\.image: Required value\.$/,
      ],
      'by a policy': [
        [
          v14(
            0,
            UNRECOVERABLE,
            { error: 'pods "lark-1" is forbidden: violates PodSecurity "restricted:latest"' },
            'ERROR',
          ),
        ],
        /^The API server refused the pod of lark-1: violates PodSecurity "restricted:latest"\.$/,
      ],
      'as JSON': [
        [json13(0, UNRECOVERABLE, { error: 'Pod "lark-1" is invalid: spec: Forbidden: x' }, 'ERROR')],
        /^The API server refused the pod of lark-1: spec: Forbidden: x\.$/,
      ],
    },
    nearly: {
      'a quota': [v9(0, UNRECOVERABLE, { error: EXCEEDED }, 'ERROR')],
      'an error that passes': [
        v9(
          0,
          'Failed to create pod resource for ephemeral runner.',
          { error: 'etcdserver: request timed out' },
          'ERROR',
        ),
        v9(1, 'Created ephemeral runner pod'),
      ],
    },
  },
  {
    id: 'removal-refused',
    named: {
      'up to 0.10.1': [
        [0, 30, 60].map((second) => v10(second, 'Runner is still running the job. Re-queue in 30 seconds')),
        /^The service refused to remove lark-1 3 times over 1 min 0 s: it says a job still runs\.$/,
      ],
      'since 0.11.0': [
        [0, 30].map((second) => v12(second, 'Runner is not finished yet, retrying in 30s')),
        /^The service refused to remove lark-1 twice over 30 s/,
      ],
      'since 0.14.0': [
        [0, 30, 60].map((second) =>
          v14(second, 'Runner job is still running, cannot remove the runner from the service yet'),
        ),
        /^The service refused to remove lark-1 3 times/,
      ],
      'as JSON': [
        [0, 30].map((second) => json13(second, 'Runner is not finished yet, retrying in 30s')),
        /^The service refused to remove lark-1 twice/,
      ],
    },
    nearly: {
      'once, and then it was removed': [
        v12(0, 'Runner is not finished yet, retrying in 30s'),
        v12(30, 'Removed the runner from the service'),
      ],
      'two runners, once each': [
        v12(0, 'Runner is not finished yet, retrying in 30s'),
        runner('0.12.1', 'lark-2')(1, 'Runner is not finished yet, retrying in 30s'),
      ],
    },
  },
  {
    id: 'name-conflict',
    named: {
      'up to 0.10.1': [
        [0, 5, 20].map((second) => v9(second, CONFLICT, { error: 'already exists' })),
        /^The service already knows a runner named lark-1: registration was refused 3 times over 20 s\.$/,
      ],
      'in 0.14.2': [
        [0, 5].map((second) => v14(second, CONFLICT, { error: 'AgentExistsException' })),
        /^The service already knows a runner named lark-1: registration was refused twice over 5 s\.$/,
      ],
      'in 0.14.2, of runners that are deleted because another set has their names': [
        ['lark-1', 'lark-2', 'lark-3'].flatMap((name, index) => givenUp(name, 8 * index)),
        /^The names lark-1 and 2 others are registered by scale set 9, another one: registration was refused 3 times over 16 s\.$/,
      ],
    },
    nearly: {
      'a pod that exists already': [
        v14(0, 'Runner pod already exists. Waiting for the pod event to be received'),
        v14(1, 'Runner pod already exists. Waiting for the pod event to be received'),
      ],
      'another error of the call': [
        v14(0, 'Failed to generate JIT config', { error: 'StatusCode 500: internal' }, 'ERROR'),
      ],
    },
  },
  {
    id: 'pod-stays',
    named: {
      'in 0.9.3': [
        cleaning(v9, 10, 310),
        /^lark-1 has ended and its pod has not gone for 4 min 55 s, since 12:00:10\.$/,
      ],
    },
    nearly: {
      'it goes in the end': [...cleaning(v9, 10, 310), v9(311, 'Successfully removed finalizer after cleanup')],
      'it takes a minute': cleaning(v9, 10, 70),
    },
  },
  {
    id: 'keeps-failing',
    named: {
      'up to 0.11.0, for good': [
        [...failing(v11, 137, 6), v11(61, 'EphemeralRunner has failed more than 5 times. Marking it as failed')],
        /^The pod of lark-1 failed 6 times in 50 s with exit code 137, then it was given up\.$/,
      ],
      'since 0.12.1, made again': [
        [
          ...failing(v13, 1, 6),
          v13(61, 'EphemeralRunner has failed more than 5 times. Deleting ephemeral runner so it can be re-created'),
        ],
        /^The pod of lark-1 failed 6 times in 50 s with exit code 1, then it was given up\.$/,
      ],
      'with a back-off, so far twice': [
        [...failing(v14, 139, 2), v14(11, 'Backing off the next reconciliation due to failure')],
        /^The pod of lark-1 failed twice in 10 s with exit code 139\.$/,
      ],
      'as JSON': [failing(json13, 127, 3), /^The pod of lark-1 failed 3 times in 20 s with exit code 127\.$/],
    },
    nearly: {
      'jobs that end well': [
        v12(0, 'Ephemeral runner container is still running'),
        v12(9, 'Ephemeral runner has finished successfully'),
      ],
      'pods that are made again as the service still has the runner': [v11(0, EXISTS), v11(0, COUNTED)],
    },
  },
  {
    id: 'exists-after-exit',
    named: {
      'in 0.11.0': [
        [
          v11(0, 'Checking if runner exists in GitHub service', { runnerId: 4 }),
          v11(0, 'Runner exists in GitHub service', { runnerId: 4 }),
          v11(0, EXISTS),
        ],
        /^lark-1 ended, but the service still listed it: 1 pod was deleted, to be made again\.$/,
      ],
      'in 0.9.3, twice': [
        [v9(0, EXISTS), v9(9, EXISTS)],
        /^lark-1 ended, .*: 2 pods were deleted, to be made again\.$/,
      ],
    },
    nearly: {
      'the service no longer has it': [
        v11(0, 'Checking if runner exists in GitHub service', { runnerId: 4 }),
        v11(0, 'Runner does not exist in GitHub service', { runnerId: 4 }),
        v11(0, 'Ephemeral runner has finished since it does not exist in the service anymore'),
      ],
    },
  },
  {
    id: 'outdated',
    named: {
      'in 0.14.2': [
        [
          v14(0, 'Ephemeral runner container failed', { exitCode: 7 }),
          v14(0, 'Updating ephemeral runner status to Outdated'),
          set('0.14.2')(1, 'ephemeral runner set is outdated'),
        ],
        /^lark-1 is outdated: GitHub no longer takes its runner version\.$/,
      ],
      'by the set alone': [
        [set('0.14.0', true)(1, 'ephemeral runner set is outdated')],
        /^lark is outdated: GitHub no longer takes its runner version\.$/,
      ],
    },
    nearly: { 'exit code 7 before 0.14.0, where it is a failure like others': failing(v12, 7, 3) },
  },
  {
    id: 'satisfied-by-existing',
    named: {
      'by the listener since 0.14.0': [
        decided(1, 3, 3, [0, 50, 100]),
        /^For 1 min 40 s no runner is made: 1 assigned \+ minimum 2 = 3, and 3 exist already\.$/,
      ],
      'by that of 0.9.3': [
        decidedBy(listener('0.9.3'), 2, 10, 4),
        /^For 1 min 40 s no runner is made: 2 assigned \+ minimum 2 = 4, and 4 exist already\.$/,
      ],
      'by that of 0.12.1 as JSON': [
        decidedBy(listener('0.12.1', true), 1, 10, 3),
        /^For 1 min 40 s no runner is made: 1 assigned \+ minimum 2 = 3, and 3 exist already\.$/,
      ],
      'at the maximum': [
        decidedBy(listener('0.13.1'), 3, 4, 4),
        /^For 1 min 40 s no runner is made: the maximum is 4, and 4 exist already\.$/,
      ],
    },
    nearly: {
      'nothing is assigned': decided(0, 2, 2, [0, 50, 100]),
      'a runner is being made': decided(1, 3, 2, [0, 50, 100]),
      'each runner has a job': decided(3, 3, 3, [0, 50, 100]),
      'it was decided once': decided(1, 3, 3, [0]),
      'it is so for ten seconds': decided(1, 3, 3, [0, 5, 10]),
    },
  },
  {
    id: 'at-maximum',
    named: {
      'by the listener since 0.14.0': [
        decided(14, 10, 10, [0, 50, 100]),
        /^14 jobs are assigned and the maximum is 10: for 1 min 40 s 4 waited for a runner to end\.$/,
      ],
      'by that of 0.11.0': [
        decidedBy(listener('0.11.0'), 6, 5, 5),
        /^6 jobs are assigned and the maximum is 5: for 1 min 40 s 1 waited for a runner to end\.$/,
      ],
    },
    nearly: { 'as many as may be': decided(10, 10, 10, [0, 50, 100]), 'for a moment': decided(14, 10, 10, [0, 9]) },
  },
  {
    id: 'assigned-not-counted',
    named: {
      'up to 0.13': [
        [
          ...[1, 2].map(() => lines('listener-app.listener', {}, '0.12.1', false)(0, 'Job assigned message received')),
          listener('0.12.1')(0, TARGET, { 'assigned job': 0, decision: 1, min: 1, max: 4, currentRunnerCount: 1 }),
        ],
        /^GitHub assigned 2 jobs and counted 0 as assigned: the listener makes runners for 0\.$/,
      ],
    },
    nearly: {
      'all are counted': [
        lines('listener-app.listener', {}, '0.12.1', false)(0, 'Job assigned message received'),
        listener('0.12.1')(0, TARGET, { 'assigned job': 1, decision: 2, min: 1, max: 4, currentRunnerCount: 1 }),
      ],
    },
  },
  {
    id: 'never-touched',
    named: {
      'of a controller that looks at others': [
        [
          runner('0.14.2', 'other')(0, 'Adding finalizers'),
          set('0.14.2')(1, 'Created new ephemeral runner', { runner: 'lark-1' }),
          set('0.14.2')(90, 'Scaling comparison', { current: 1, desired: 1 }),
        ],
        /^1 runner was created and not looked at since, lark-1 for 1 min 29 s at the end of the log\.$/,
      ],
      'as JSON of 0.10.1': [
        [
          runner('0.10.1', 'other', true)(0, 'Adding finalizer'),
          set('0.10.1', true)(1, 'Created new ephemeral runner', { runner: 'lark-1' }),
          set('0.10.1', true)(61, 'Scaling comparison', { current: 1, desired: 1 }),
        ],
        /^1 runner was created and not looked at since, lark-1 for 1 min 0 s/,
      ],
    },
    nearly: {
      'the log ends soon after': [
        runner('0.14.2', 'other')(0, 'Adding finalizers'),
        set('0.14.2')(1, 'Created new ephemeral runner', { runner: 'lark-1' }),
        set('0.14.2')(20, 'Scaling comparison', { current: 1, desired: 1 }),
      ],
      "the log holds no line of the runners' controller": [
        set('0.14.2')(1, 'Created new ephemeral runner', { runner: 'lark-1' }),
        set('0.14.2')(90, 'Scaling comparison', { current: 1, desired: 1 }),
      ],
      'it was looked at': [
        set('0.14.2')(1, 'Created new ephemeral runner', { runner: 'lark-1' }),
        v14(2, 'Adding finalizers'),
        set('0.14.2')(90, 'Scaling comparison', { current: 1, desired: 1 }),
      ],
    },
  },
  {
    id: 'held-call',
    named: {
      'a JIT call of 0.9.3': [
        [v9(0, 'Creating ephemeral runner JIT config'), v9(90, 'Created ephemeral runner JIT config', { runnerId: 3 })],
        /^One JIT call for lark-1 held a worker for 1 min 30 s, 12:00:00 to 12:01:30\.$/,
      ],
      'a removal of 0.14.2 that does not end': [
        [
          v14(0, 'Removing the runner from the service', { runnerId: 3 }),
          set('0.14.2')(300, 'Scaling comparison', { current: 1, desired: 1 }),
        ],
        /^One call to the service for lark-1 has held a worker for 5 min 0 s, 12:00:00 to 12:05:00\.$/,
      ],
    },
    nearly: {
      'calls of a second': [
        v14(0, 'Creating ephemeral runner JIT config'),
        v14(1, 'Created ephemeral runner JIT config', { runnerId: 3 }),
        v14(90, 'Created ephemeral runner pod'),
      ],
      'a pod that runs for long': [
        v14(0, 'Runner container is still running; updating ephemeral runner status'),
        v14(900, 'Ephemeral runner has finished successfully, deleting ephemeral runner'),
      ],
    },
  },
  {
    id: 'silent-controller',
    named: {
      'while a runner waits': [
        [
          runner('0.14.2', 'other')(0, 'Runner container is still running; updating ephemeral runner status'),
          set('0.14.2')(1, 'Created new ephemeral runner', { runner: 'lark-1' }),
          v14(400, 'Adding finalizers'),
        ],
        /^No runner was touched for 6 min 40 s, 12:00:00 to 12:06:40, while lark-1 waited\.$/,
      ],
    },
    nearly: {
      'with nobody waiting': [
        v14(0, 'Runner container is still running; updating ephemeral runner status'),
        v14(400, 'Runner container is still running; updating ephemeral runner status'),
      ],
    },
  },
  {
    id: 'repeated-errors',
    named: {
      'that do not end': [
        [0, 1, 3, 7].map((second) => reconcilerError(second, 'failed to get secret: secrets "gh" not found')),
        /^Passes of lark-1 failed 4 times over 7 s: failed to get secret: secrets "gh" not found\.$/,
      ],
    },
    nearly: {
      'a stale copy, once': [
        reconcilerError(0, 'Operation cannot be fulfilled: the object has been modified; please apply your changes'),
        v14(1, 'Created ephemeral runner pod'),
      ],
    },
  },
  {
    id: 'object-problem',
    named: {
      'Running without a pod, written by 0.12.1': [
        [
          ephemeral('lark-1', { phase: 'Running', runnerId: 3, jobRequestId: 9, failures: { u: at(0) } }),
          pod('other', {}),
        ],
        /^lark-1: The runner reports Running but has no pod\.$/,
      ],
      'Running without a pod, written by 0.11.0, with fields that are null': [
        [
          ephemeral('lark-1', { phase: 'Running', ready: true, runnerId: 3, failures: { u: true }, message: null }),
          pod('other', {}),
        ],
        /^lark-1: The runner reports Running but has no pod\.$/,
      ],
      'out of memory beside dind': [
        [
          ephemeral('lark-1', { phase: 'Running', runnerId: 3 }),
          pod('lark-1', {
            phase: 'Running',
            containerStatuses: [running('dind'), ended('runner', 137, 60, 'OOMKilled')],
          }),
        ],
        /^lark-1: Container runner ran out of memory and was killed while dind keeps the pod Running \(OOMKilled\)\.$/,
      ],
      'ended with an error beside dind as a sidecar': [
        [
          ephemeral('lark-1', { phase: 'Running', runnerId: 3, jobId: 'j' }),
          pod('lark-1', {
            phase: 'Running',
            initContainerStatuses: [running('dind')],
            containerStatuses: [ended('runner', 1, 60)],
          }),
        ],
        /^lark-1: Container runner .*exit/,
      ],
      'Failed as InvalidPod': [
        [
          ephemeral('lark-1', {
            ...{ phase: 'Failed', reason: 'InvalidPod' },
            message: 'Failed to create the pod: Pod "lark-1" is invalid: spec.containers[0].image: Required value',
          }),
        ],
        /^lark-1: The API server refused the pod \(InvalidPod\): spec\.containers\[0\]\.image: Required value\.$/,
      ],
      'Failed after too many pods': [
        [ephemeral('lark-1', { phase: 'Failed', reason: 'TooManyPodFailures', failures: { a: at(0), b: at(9) } })],
        /^lark-1: More than five of its pods failed \(TooManyPodFailures\)\.$/,
      ],
      'Outdated, of 0.14.2': [
        [ephemeral('lark-1', { phase: 'Outdated', runnerId: 3 })],
        /^lark-1: The version of the runner is no longer accepted/,
      ],
    },
    nearly: {
      'Running with its pod': [
        ephemeral('lark-1', { phase: 'Running', runnerId: 3 }),
        pod('lark-1', { phase: 'Running', containerStatuses: [running('runner'), running('dind')] }),
      ],
      'Succeeded, its pod is gone': [ephemeral('lark-1', { phase: 'Succeeded', runnerId: 3 }), pod('other', {})],
      'not made yet': [ephemeral('lark-1', { phase: 'Pending', runnerId: 3 }), pod('other', {})],
      'on its way out': [
        ephemeral('lark-1', { phase: 'Running', runnerId: 3 }, { deletionTimestamp: at(0), finalizers: [OWN] }),
        pod('other', {}),
      ],
      'ended well a moment ago beside dind': [
        ephemeral('lark-1', { phase: 'Running', runnerId: 3 }),
        pod('lark-1', { phase: 'Running', containerStatuses: [ended('runner', 0, 60, 'Completed'), running('dind')] }),
      ],
    },
  },
  {
    id: 'end-not-handled',
    named: {
      'beside dind': [
        [
          ephemeral('lark-1', { phase: 'Running', runnerId: 3 }),
          pod('lark-1', {
            phase: 'Running',
            containerStatuses: [ended('runner', 0, 60, 'Completed'), running('dind')],
          }),
          pod('later', { phase: 'Running', containerStatuses: [ended('runner', 0, 600, 'Completed')] }),
        ],
        /^lark-1: its runner exited with code 0, and 9 min 0 s later it still counts as Running while dind keeps/,
      ],
    },
    nearly: {
      'it counts as Succeeded': [
        ephemeral('lark-1', { phase: 'Succeeded', runnerId: 3 }),
        pod('lark-1', { phase: 'Running', containerStatuses: [ended('runner', 0, 60, 'Completed'), running('dind')] }),
        pod('later', { phase: 'Running', containerStatuses: [ended('runner', 0, 600, 'Completed')] }),
      ],
      'it is being deleted': [
        ephemeral('lark-1', { phase: 'Running' }, { deletionTimestamp: at(61), finalizers: [OWN] }),
        pod('lark-1', { phase: 'Running', containerStatuses: [ended('runner', 0, 60, 'Completed'), running('dind')] }),
        pod('later', { phase: 'Running', containerStatuses: [ended('runner', 0, 600, 'Completed')] }),
      ],
    },
  },
  {
    id: 'counters-without-objects',
    named: {
      'a scale set of 0.14.2': [
        [outdatedSet('AutoscalingRunnerSet', 'lark', { currentRunners: 10, runningEphemeralRunners: 10 })],
        /^Set lark is Outdated and counts 10 runners, but 0 exist here: nothing is queued, so nothing will happen\.$/,
      ],
      'a set of runners': [
        [outdatedSet('EphemeralRunnerSet', 'lark-x7k2p', { currentReplicas: 1 })],
        /^Set lark-x7k2p is Outdated and counts 1 runner, but 0 exist here/,
      ],
      'beside runners of a scale set whose name begins alike': [
        [
          outdatedSet('AutoscalingRunnerSet', 'lark', { currentRunners: 4 }),
          ephemeral('lark-big-x7k2p-runner-a', { phase: 'Pending' }, scaleSetOf('lark-big')),
        ],
        /^Set lark is Outdated and counts 4 runners, but 0 exist here/,
      ],
    },
    nearly: {
      'its runners exist': [
        outdatedSet('AutoscalingRunnerSet', 'lark', { currentRunners: 1 }),
        ephemeral('lark-x7k2p-runner-a', { phase: 'Running' }, scaleSetOf('lark')),
      ],
      'its runners exist, and their labels were cut out': [
        outdatedSet('AutoscalingRunnerSet', 'lark', { currentRunners: 1 }),
        ephemeral('lark-x7k2p-runner-a', { phase: 'Running' }),
      ],
      'it counts none': [outdatedSet('AutoscalingRunnerSet', 'lark', { currentRunners: 0 })],
      'it runs': [
        object('AutoscalingRunnerSet', 'lark', { spec: {}, status: { phase: 'Running', currentRunners: 3 } }),
      ],
    },
  },
  {
    id: 'set-counts',
    named: {
      'by its object': [
        [
          object('EphemeralRunnerSet', 'lark-x7k2p', {
            status: { currentReplicas: 3, failedEphemeralRunners: 2, runningEphemeralRunners: 1 },
          }),
        ],
        /^2 of 3 runners of set lark-x7k2p have failed: a set counts them as there and makes none in their place\.$/,
      ],
      'by a line of 0.12.1': [
        [set('0.12.1')(0, 'Ephemeral runner counts', { pending: 0, running: 0, finished: 0, failed: 1, deleting: 0 })],
        /^1 of 1 runner of set lark has failed/,
      ],
      'by a line of 0.14.2 as JSON': [
        [
          set('0.14.2', true)(0, 'Ephemeral runner counts', {
            ...{ outdated: 0, pending: 1, running: 2, finished: 0, failed: 3, deleting: 0 },
          }),
        ],
        /^3 of 6 runners of set lark have failed/,
      ],
      'by metrics': [
        [
          'gha_controller_failed_ephemeral_runners{name="lark",namespace="ci"} 2',
          'gha_controller_pending_ephemeral_runners{name="lark",namespace="ci"} 0',
          'gha_controller_running_ephemeral_runners{name="lark",namespace="ci"} 5',
        ],
        /^2 of 7 runners of set lark have failed/,
      ],
    },
    nearly: {
      'none has failed': [
        set('0.12.1')(0, 'Ephemeral runner counts', { pending: 1, running: 2, finished: 0, failed: 0, deleting: 0 }),
      ],
      'none has failed, by metrics': ['gha_controller_failed_ephemeral_runners{name="lark",namespace="ci"} 0'],
      'more are wanted': [set('0.12.1')(0, 'Scaling comparison', { current: 3, desired: 7 })],
    },
  },
  {
    id: 'asked-to-go',
    named: {
      'a runner whose job runs, of 0.12.1': [
        [
          ephemeral(
            'lark-1',
            { phase: 'Running', runnerId: 3, jobRequestId: 8 },
            { deletionTimestamp: at(0), finalizers: [OWN, REGISTRATION] },
          ),
        ],
        /^lark-1 was asked to go at 12:00:00 and is still there: the service does not remove it while job 8 runs\.$/,
      ],
      'a runner with the finalizer of somebody else': [
        [ephemeral('lark-1', {}, { deletionTimestamp: at(0), finalizers: ['example.com/keep'] })],
        /^lark-1 was asked to go at 12:00:00 and is still there: finalizer example\.com\/keep keeps it\.$/,
      ],
      'a runner whose pod has the finalizer of somebody else': [
        [
          ephemeral('lark-1', {}, { deletionTimestamp: at(0), finalizers: [OWN] }),
          object(
            'Pod',
            'lark-1',
            { phase: 'Running' },
            { deletionTimestamp: at(0), finalizers: ['example.com/guard'] },
          ),
        ],
        /^lark-1 was asked to go at 12:00:00 and is still there: finalizer example\.com\/guard keeps its pod\.$/,
      ],
      'a set without runners': [
        [object('EphemeralRunnerSet', 'lark-x', {}, { deletionTimestamp: at(0), finalizers: [OWN] })],
        /^Set lark-x was asked to go at 12:00:00 and is still there: its finalizer \S+ is not removed\.$/,
      ],
      'a set beside runners of another whose name begins alike': [
        [
          object(
            'AutoscalingRunnerSet',
            'lark',
            {},
            { deletionTimestamp: at(0), finalizers: ['autoscalingrunnerset.x'] },
          ),
          ephemeral('lark-big-x7k2p-runner-a', { phase: 'Running', runnerId: 1 }, scaleSetOf('lark-big')),
        ],
        /^Set lark was asked to go at 12:00:00 and is still there: its finalizer \S+ is not removed\.$/,
      ],
    },
    nearly: {
      'it was not asked': [
        ephemeral('lark-1', { phase: 'Running' }, { finalizers: [OWN, REGISTRATION] }),
        pod('lark-1', {}),
      ],
    },
  },
  {
    id: 'listener-gone',
    named: {
      'one scale set of two has none': [
        [
          object('AutoscalingRunnerSet', 'lark', {}),
          object('AutoscalingRunnerSet', 'wren', {}),
          LISTENER('wren-754b578d-listener', 'wren'),
        ],
        /^Scale set lark has no listener, while 1 other has one\.$/,
      ],
      'its pod crashes': [
        [
          object('AutoscalingRunnerSet', 'lark', {}),
          LISTENER('lark-754b578d-listener', 'lark'),
          pod('lark-754b578d-listener', {
            phase: 'Running',
            containerStatuses: [
              { name: 'listener', restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } },
            ],
          }),
        ],
        /^The listener of scale set lark does not run: CrashLoopBackOff, 4 restarts\.$/,
      ],
      'its pod was evicted': [
        [
          LISTENER('lark-754b578d-listener', 'lark'),
          pod('lark-754b578d-listener', { phase: 'Failed', reason: 'Evicted' }),
        ],
        /^The listener of scale set lark does not run: /,
      ],
      'it has no pod': [
        [LISTENER('lark-754b578d-listener', 'lark'), pod('another', { phase: 'Running' })],
        /^The listener of scale set lark has no pod\.$/,
      ],
    },
    nearly: {
      'it runs': [
        object('AutoscalingRunnerSet', 'lark', {}),
        LISTENER('lark-754b578d-listener', 'lark'),
        pod('lark-754b578d-listener', {
          phase: 'Running',
          containerStatuses: [{ ...running('listener'), restartCount: 1 }],
        }),
      ],
      'it is being made': [
        LISTENER('lark-754b578d-listener', 'lark'),
        pod('lark-754b578d-listener', {
          phase: 'Pending',
          containerStatuses: [{ name: 'listener', state: { waiting: { reason: 'ContainerCreating' } } }],
        }),
      ],
      'nobody asked for listeners': [object('AutoscalingRunnerSet', 'lark', {}), pod('another', { phase: 'Running' })],
      'its scale set is being deleted': [
        object('AutoscalingRunnerSet', 'lark', {}, { deletionTimestamp: at(0), finalizers: ['x'] }),
        LISTENER('wren-754b578d-listener', 'wren'),
      ],
    },
  },
];

async function sentencesOf(given: Given, id: string): Promise<readonly string[]> {
  const isLog = given.every((one) => typeof one === 'string');
  const text = isLog
    ? `${given.join('\n')}\n`
    : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: given }, null, 2);
  const { findings } = await explainText(text, isLog ? 'controller.log' : 'objects.json');
  return findings.flatMap((finding) => (finding.id === id ? [finding.sentence] : []));
}

describe('what is stuck', () => {
  for (const { id, named, nearly } of KINDS) {
    for (const [what, [given, sentence]] of Object.entries(named)) {
      it(`is named: ${id}, ${what}`, async () => {
        const sentences = await sentencesOf(given, id);
        assert.ok(
          sentences.some((one) => sentence.test(one)),
          `expected ${sentence.source}, said:\n${sentences.join('\n') || 'nothing'}`,
        );
      });
    }
    for (const [what, given] of Object.entries(nearly)) {
      it(`is not named where it is only nearly so: ${id}, ${what}`, async () => {
        assert.deepEqual(await sentencesOf(given, id), []);
      });
    }
  }
});

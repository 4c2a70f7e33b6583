import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arcLab } from '../builders/arc-lab.ts';

/**
 * What people reported of ARC and other controllers, each with what they had at hand, written down with other names, and the
 * sentence that answers it. One command answers each, in less than a minute.
 */
interface Report {
  readonly what: string;
  /** By name of the file. */
  readonly given: Readonly<Record<string, readonly string[] | object>>;
  /** The first sentence of the answer. */
  readonly first: RegExp;
  readonly also?: readonly RegExp[];
}

const MINUTE_MS = 60_000;

function text(time: string, logger: string, message: string, fields: object = {}, level = 'INFO'): string {
  return [time, level, ...(logger === '' ? [] : [logger]), message, JSON.stringify(fields)].join('\t');
}

function runner(
  version: string,
  name: string,
  namespace = 'build',
): (time: string, message: string, more?: object) => string {
  return (time, message, more = {}) =>
    text(time, 'EphemeralRunner', message, { version, ephemeralrunner: { name, namespace }, ...more });
}

function json(ts: string, logger: string, message: string, fields: object): string {
  return JSON.stringify({ severity: 'info', ts, logger, message, ...fields });
}

function list(...items: readonly object[]): object {
  return { apiVersion: 'v1', kind: 'List', items };
}

function object(kind: string, name: string, rest: object, metadata: object = {}): object {
  return {
    apiVersion: kind === 'Pod' ? 'v1' : 'actions.github.com/v1alpha1',
    kind,
    metadata: { name, namespace: 'build', ...metadata },
    ...rest,
  };
}

/** A pod whose init container ran for a time on a node. */
function podOn(nodeName: string, name: string, init: readonly [from: string, until: string], started: string): object {
  const [startedAt, finishedAt] = init;
  return object(
    'Pod',
    name,
    {
      spec: { nodeName, containers: [{ name: 'runner' }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: startedAt }],
        initContainerStatuses: [{ name: 'copy-tools', state: { terminated: { exitCode: 0, startedAt, finishedAt } } }],
        containerStatuses: [{ name: 'runner', ready: true, state: { running: { startedAt: started } } }],
      },
    },
    { creationTimestamp: startedAt },
  );
}

const dunlin = runner('0.14.1', 'dunlin-runner-a');
const upTo11 = runner('0.11.0', 'knot-x-runner-old');
const since12 = runner('0.12.0', 'knot-y-runner-new');
const ruff = runner('0.14.2', 'ruff-runner-7');
const busy = runner('0.13.1', 'dipper-runner-1');
const DELETE =
  'DELETE https://service.example.test/rest/_apis/distributedtask/pools/0/agents/71?api-version=6.0-preview';

const decisions = (assigned: number, decision: number, max: number, current: number): string[] =>
  ['10:00:00', '10:00:50', '10:01:40'].map((time) =>
    [
      `time=2026-05-04T${time}.071Z level=INFO source=/scaler.go:250 msg="Calculated target runner count" component=worker`,
      `"assigned job"=${assigned} decision=${decision} min=2 max=${max} currentRunnerCount=${current}`,
    ].join(' '),
  );

const REPORTS: readonly Report[] = [
  {
    what: 'one of many pods is held on a slow node (#4602)',
    given: {
      'pods.json': list(
        object('EphemeralRunner', 'wren-runner-1', { status: { phase: 'Running' } }),
        object('EphemeralRunner', 'wren-runner-2', { status: { phase: 'Running' } }),
        podOn('node-a', 'wren-runner-1', ['2026-05-04T10:00:05Z', '2026-05-04T10:00:07Z'], '2026-05-04T10:00:09Z'),
        podOn('node-b', 'wren-runner-2', ['2026-05-04T10:00:05Z', '2026-05-04T10:07:25Z'], '2026-05-04T10:07:31Z'),
      ),
    },
    first: /^✗ wren-runner-2 spent 7 min 20 s in copy-tools on node-b; its peer 2 s\./,
  },
  {
    what: 'the controller stands still in one call to the service (#4473, #4307)',
    given: {
      'controller.log': [
        dunlin('2026-05-04T10:00:00Z', 'Removing runner from the service', { runnerId: 71 }),
        `2026/05/04 10:00:01 [DEBUG] ${DELETE}`,
        text('2026-05-04T10:00:02Z', 'EphemeralRunnerSet', 'Created new ephemeral runner', {
          ...{
            version: '0.14.1',
            ephemeralrunnerset: { name: 'dunlin', namespace: 'build' },
            runner: 'dunlin-runner-b',
          },
        }),
        text('2026-05-04T10:04:52Z', 'AutoscalingListener', 'Listener pod is running', { version: '0.14.1' }),
      ],
    },
    first:
      /^✗ One DELETE call for dunlin-runner-a has held a worker for 4 min 51 s, 10:00:01 to 10:04:52; dunlin-runner-b waited/,
  },
  {
    what: 'a runner of an old version takes its whole set down (#4600)',
    given: {
      'controller.log': [
        ruff('2026-05-04T10:00:00Z', 'Ephemeral runner container failed', { exitCode: 7 }),
        ruff('2026-05-04T10:00:00Z', 'Updating ephemeral runner status to Outdated'),
        text('2026-05-04T10:00:01Z', 'EphemeralRunnerSet', 'ephemeral runner set is outdated', {
          ephemeralrunnerset: { name: 'ruff', namespace: 'build' },
        }),
      ],
    },
    first: /^✗ ruff-runner-7 is outdated: GitHub no longer takes its runner version\./,
  },
  {
    what: 'a scale set counts runners that are gone (#4595)',
    given: {
      'sets.json': object('AutoscalingRunnerSet', 'shrike', {
        spec: { minRunners: 1, maxRunners: 30 },
        status: { phase: 'Outdated', currentRunners: 6, runningEphemeralRunners: 6 },
      }),
    },
    first:
      /^✗ Set shrike is Outdated and counts 6 runners, but 0 exist here: nothing is queued, so nothing will happen\./,
  },
  {
    what: 'runners that hang are counted, so that none is made (runner #4668)',
    given: { 'listener.log': decisions(1, 3, 14, 3) },
    first: /^✗ For 1 min 40 s no runner is made: 1 assigned \+ minimum 2 = 3, and 3 exist already\./,
  },
  {
    what: 'the service refuses to remove a runner (runner #4598)',
    given: {
      'controller.jsonl': ['10:00:11', '10:00:41', '10:01:11', '10:11:11'].map((time) =>
        json(`2026-05-04T${time}Z`, 'EphemeralRunner', 'Runner is not finished yet, retrying in 30s', {
          version: '0.13.1',
          ephemeralrunner: { name: 'siskin-runner-3', namespace: 'build' },
        }),
      ),
    },
    first: /^✗ The service refused to remove siskin-runner-3 4 times over 11 min 0 s: it says a job still runs\./,
  },
  {
    what: 'a job ends well, and since an upgrade its runner starts again (#4136)',
    given: {
      'controller.log': [
        upTo11('2026-05-04T10:00:00Z', 'Checking if runner exists in GitHub service', { runnerId: 1 }),
        upTo11('2026-05-04T10:00:00Z', 'Runner does not exist in GitHub service', { runnerId: 1 }),
        since12('2026-05-05T10:00:00Z', 'Checking if runner exists in GitHub service', { runnerId: 2 }),
        since12('2026-05-05T10:00:00Z', 'Runner exists in GitHub service', { runnerId: 2 }),
        since12(
          '2026-05-05T10:00:00Z',
          'Ephemeral runner pod has finished, but the runner still exists in the service. Deleting the pod to restart it.',
        ),
      ],
    },
    first: /^✗ knot-y-runner-new ended, but the service still listed it: 1 pod was deleted, to be made again\./,
    also: [/For knot-x-runner-old the service no longer had the runner at that moment: that is the first difference\./],
  },
  {
    what: 'the same out of Grafana: newest first, with two clocks (#3649)',
    given: {
      'export.log': [
        '2026-05-05 05:00:00.420\t',
        since12('2026-05-05T10:00:00Z', 'Runner exists in GitHub service', { runnerId: 2 }),
        '2026-05-05 05:00:00.160\t',
        since12('2026-05-05T10:00:00Z', 'Checking if runner exists in GitHub service', { runnerId: 2 }),
        '2026-05-05 04:59:58.100\t',
        since12('2026-05-05T09:59:58Z', 'Ephemeral runner container is still running'),
      ],
    },
    first: /^\? Not enough to judge/,
    also: [/newest first, the store's clock is UTC-05:00/],
  },
  {
    what: 'a set counts runners as running that have no pod (#3821)',
    given: {
      'runners.json': list(
        object('EphemeralRunner', 'avocet-runner-9', { status: { phase: 'Running', runnerId: 5, jobRequestId: 31 } }),
      ),
    },
    first: /^! avocet-runner-9: The runner reports Running but has no pod, if pods were asked for\./,
    also: [/Job 31 is assigned to it\./],
  },
  {
    what: 'the listener ends, and the events of pods lie between its lines (#3821)',
    given: {
      'loki.log': [
        '2026-05-04 12:00:05.100\t2026/05/04 10:00:05 Application returned an error: http: Server closed',
        '2026-05-04 12:00:03.000\tname=avocet-runner-9 kind=Pod objectRV=81 eventRV=99 reason=FailedScheduling type=Warning count=4 msg="0/3 nodes are available: 3 Insufficient cpu."',
        '2026-05-04 12:00:01.000\t{"severity":"info","ts":"2026-05-04T10:00:01Z","logger":"listener-app.listener","message":"Getting next message","lastMessageID":4}',
      ],
    },
    first: /^✗ avocet-runner-9: Pod cannot be scheduled \(FailedScheduling\): 0\/3 nodes are available/,
    also: [/, all understood/],
  },
  {
    what: 'a runner is killed for its memory while a sidecar keeps its pod (#4155, #4148)',
    given: {
      'pods.json': list(
        object('EphemeralRunner', 'heron-runner-2', { status: { phase: 'Running', runnerId: 3 } }),
        object('Pod', 'heron-runner-2', {
          spec: { containers: [{ name: 'runner' }, { name: 'docker' }] },
          status: {
            phase: 'Running',
            containerStatuses: [
              {
                name: 'runner',
                state: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-05-04T10:00:00Z' } },
              },
              { name: 'docker', state: { running: { startedAt: '2026-05-04T09:00:00Z' } } },
            ],
          },
        }),
      ),
    },
    first:
      /^✗ heron-runner-2: Container runner ran out of memory and was killed while docker keeps the pod Running \(OOMKilled\)\./,
  },
  {
    what: 'no runner comes up, and only a status has the reason (#3810)',
    given: {
      'runner.json': object('EphemeralRunner', 'lynx-runner-4', {
        status: {
          phase: 'Failed',
          reason: 'InvalidPod',
          message: 'Failed to create the pod: Pod "lynx-runner-4" is invalid: spec.containers[0].image: Required value',
        },
      }),
    },
    first:
      /^✗ lynx-runner-4: The API server refused the pod \(InvalidPod\): spec\.containers\[0\]\.image: Required value\./,
  },
  {
    what: 'a quota refuses pods (#3629, #3191)',
    given: {
      'controller.log': [
        text(
          '2026-05-04T10:00:00Z',
          'EphemeralRunner',
          'Failed to create a pod due to unrecoverable failure',
          {
            ...{ version: '0.9.3', ephemeralrunner: { name: 'rail-runner-5', namespace: 'build' } },
            error:
              'pods "rail-runner-5" is forbidden: exceeded quota: team, requested: limits.cpu=900m, used: limits.cpu=900m, limited: limits.cpu=1',
          },
          'ERROR',
        ),
      ],
    },
    first: /^✗ Quota team refused the pods of 1 runner: used limits\.cpu=900m \+ requested limits\.cpu=900m > 1\./,
  },
  {
    what: 'GitHub assigns jobs and does not count them (#4230, #3204)',
    given: {
      'listener.log': [
        ...[1, 2, 3].map((jobId) =>
          text('2026-05-04T10:00:00Z', 'listener-app.listener', 'Job assigned message received', { jobId }),
        ),
        text('2026-05-04T10:00:00Z', 'listener-app.worker.kubernetesworker', 'Calculated target runner count', {
          ...{ 'assigned job': 0, decision: 1, min: 1, max: 4, currentRunnerCount: 1 },
        }),
      ],
    },
    first: /^✗ GitHub assigned 3 jobs and counted 0 as assigned: the listener makes runners for 0\./,
  },
  {
    what: 'a set counts more runners than it wants, and there are no pods (#3749, #3619)',
    given: {
      'controller.log': [
        '2026-05-04T10:00:00Z    INFO    EphemeralRunnerSet      Scaling comparison      {"version": "0.12.1", "ephemeralrunnerset": {"name":"crane","namespace":"build"}, "current": 7, "desired": 3}',
      ],
    },
    first: /^\? Not enough to judge/,
    also: [/^\? Set crane counts 7 runners and wants 3: it makes none until fewer are left\./m],
  },
  {
    what: 'a JSON line has two messages (#3375)',
    given: {
      'controller.jsonl': [
        '{"severity":"info","ts":"2026-05-04T10:00:00Z","logger":"EphemeralRunner","message":"Created ephemeral runner pod","ephemeralrunner":{"name":"teal-runner-6","namespace":"build"},"reason":"","message":""}',
      ],
    },
    first: /^\? Not enough to judge: 1 pod made; the log begins in the middle of its runner's life/,
    also: [/1 line, all understood/],
  },
  {
    what: 'objects of the first list wait behind all that changes (controller-runtime #3496)',
    given: {
      'metrics.prom': [
        'controller_runtime_active_workers{controller="ephemeralrunner"} 1',
        'controller_runtime_max_concurrent_reconciles{controller="ephemeralrunner"} 1',
        'workqueue_longest_running_processor_seconds{controller="ephemeralrunner",name="ephemeralrunner"} 2400',
        'workqueue_depth{controller="ephemeralrunner",name="ephemeralrunner",priority="0"} 12',
        'workqueue_depth{controller="ephemeralrunner",name="ephemeralrunner",priority="-100"} 4',
      ],
    },
    first: /^✗ The only worker of ephemeralrunner is held, for 40 min 0 s; 16 objects wait in the queue\./,
    also: [/4 objects of priority -100, as the first list has, wait behind 12 of priority 0\./],
  },
  {
    what: 'a lease is lost in the same bucket as the work (karpenter #2100)',
    given: {
      'controller.jsonl': [
        '{"level":"info","ts":"2026-05-04T10:00:00Z","msg":"failed to renew lease arc-systems/arc: timed out waiting for the condition"}',
        '{"level":"error","ts":"2026-05-04T10:00:01Z","logger":"setup","msg":"problem running manager","error":"leader election lost"}',
      ],
    },
    first: /^✗ The controller itself stopped or failed: failed to renew lease/,
  },
  {
    what: 'a runner that does not change is looked at again and again (sandbox0 #425)',
    given: {
      'controller.log': Array.from({ length: 120 }, (_, second) =>
        busy(
          new Date(Date.UTC(2026, 4, 4, 10) + 1000 * second).toISOString().replace('.000Z', 'Z'),
          'Runner container is still running; updating ephemeral runner status',
        ),
      ),
    },
    first: /^! 90 passes of dipper-runner-1 in 1 min 29 s changed nothing, one every 0\.99 s\./,
  },
  {
    what: 'a scale set has no listener, or one that does not run',
    given: {
      'sets.json': list(
        object('AutoscalingRunnerSet', 'coot', {}),
        object('AutoscalingRunnerSet', 'gadwall', {}),
        object('AutoscalingListener', 'coot-listener', {
          spec: { autoscalingRunnerSetName: 'coot', autoscalingRunnerSetNamespace: 'build' },
        }),
        object('Pod', 'coot-listener', {
          spec: { containers: [{ name: 'listener' }] },
          status: {
            phase: 'Running',
            containerStatuses: [
              {
                name: 'listener',
                restartCount: 9,
                state: { waiting: { reason: 'CrashLoopBackOff' } },
                lastState: { terminated: { exitCode: 1 } },
              },
            ],
          },
        }),
      ),
    },
    first: /^✗ Scale set gadwall has no listener, while 1 other has one\./,
    also: [/^✗ The listener of scale set coot does not run: CrashLoopBackOff, exit code 1, 9 restarts\./m],
  },
  {
    what: 'a deleted scale set stays, for the sake of a runner',
    given: {
      'sets.json': list(
        object(
          'EphemeralRunnerSet',
          'smew-1',
          {},
          { deletionTimestamp: '2026-05-04T10:00:00Z', finalizers: ['ephemeralrunner.actions.github.com/finalizer'] },
        ),
        object(
          'EphemeralRunner',
          'smew-1-runner-2',
          { status: { runnerId: 7, jobRequestId: 8 } },
          {
            ...{ deletionTimestamp: '2026-05-04T10:00:01Z' },
            finalizers: ['ephemeralrunner.actions.github.com/runner-registration-finalizer'],
          },
        ),
      ),
    },
    first:
      /^! smew-1-runner-2 was asked to go at 10:00:01 and is still there: the service does not remove it while job 8 runs\./,
    also: [
      /Set smew-1 was asked to go at 10:00:00 and is still there: 1 object of it must go first, smew-1-runner-2\./,
    ],
  },
];

describe('what people reported', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'arc-lab-reports-'))));
  after(() => rmSync(folder, { recursive: true }));

  for (const { what, given, first, also = [] } of REPORTS) {
    it(`is answered by arc-lab why: ${what}`, async () => {
      const files = Object.entries(given).map(([name, content]) => {
        const file = join(folder, name);
        writeFileSync(file, Array.isArray(content) ? `${content.join('\n')}\n` : JSON.stringify(content, null, 2));
        return file;
      });
      const { code, stdout, stderr } = await arcLab(['why', ...files]);
      assert.equal(code, 0, stderr);
      assert.match(/^[✗!?✓] .*/m.exec(stdout)?.[0] ?? stdout, first);
      for (const part of also) assert.match(stdout, part);
    }).timeout(MINUTE_MS);
  }
});

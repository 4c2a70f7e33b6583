import assert from 'node:assert/strict';
import { isJsonObject, type JsonObject } from '../../../src/base/json.ts';
import { explainText } from '../../builders/evidence.ts';

const AT = '2026-03-02T12:00:00Z';
const TERMINATED = { exitCode: 137, reason: 'OOMKilled', message: 'm', startedAt: AT, finishedAt: AT };
const CONDITION = { type: 'PodScheduled', status: 'False', reason: 'r', message: 'm', lastTransitionTime: AT };
const arc = (kind: string, name: string, rest: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: 'actions.github.com/v1alpha1', kind },
  ...{ metadata: { name, namespace: 'ci', creationTimestamp: AT, labels: { a: 'b' }, ...metadata }, ...rest },
});

/** Whatever a rule looks at, in one place or another. */
const OBJECTS: readonly JsonObject[] = [
  arc('EphemeralRunner', 'lark-1', {
    spec: { spec: { containers: [{ name: 'runner', resources: { requests: { cpu: '1' } } }] } },
    status: { phase: 'Running', reason: 'r', message: 'm', runnerId: 3, jobRequestId: 4, failures: { u: AT } },
  }),
  arc(
    'EphemeralRunner',
    'lark-2',
    {},
    { deletionTimestamp: AT, finalizers: ['x'], ownerReferences: [{ kind: 'K', name: 'k' }] },
  ),
  {
    ...arc(
      'Pod',
      'lark-1',
      {
        spec: { nodeName: 'n', containers: [{ name: 'runner' }], initContainers: [{ name: 'i' }] },
        status: {
          ...{ phase: 'Failed', reason: 'Evicted', message: 'm', conditions: [CONDITION] },
          containerStatuses: [
            {
              name: 'runner',
              restartCount: 1,
              state: { terminated: TERMINATED },
              lastState: { terminated: TERMINATED },
            },
          ],
          initContainerStatuses: [{ name: 'i', state: { waiting: { reason: 'r', message: 'm' } } }],
        },
      },
      {
        deletionTimestamp: AT,
        deletionGracePeriodSeconds: 3,
        ownerReferences: [{ kind: 'EphemeralRunner', name: 'k' }],
      },
    ),
    apiVersion: 'v1',
  },
  {
    ...arc('Event', 'e', { involvedObject: { kind: 'Pod', name: 'lark-2', namespace: 'ci' }, reason: 'FailedMount' }),
    ...{ apiVersion: 'v1', message: 'm', type: 'Warning', count: 3, firstTimestamp: AT, lastTimestamp: AT },
  },
  arc('EphemeralRunnerSet', 'lark', { status: { phase: 'Outdated', currentReplicas: 2, failedEphemeralRunners: 1 } }),
  arc('AutoscalingRunnerSet', 'wren', {}, { deletionTimestamp: AT, finalizers: ['x'] }),
  arc('AutoscalingListener', 'l', { spec: { autoscalingRunnerSetName: 'wren', autoscalingRunnerSetNamespace: 'ci' } }),
  {
    ...arc('ResourceQuota', 'q', { spec: { hard: { pods: '1' } }, status: { used: { pods: '1' } } }),
    apiVersion: 'v1',
  },
];
const OTHERS: readonly unknown[] = [null, 5, 'x', '', [], [null], {}, { a: 5 }, true];

describe('objects that somebody has edited', () => {
  for (const [index, object] of OBJECTS.entries()) {
    it(`are read as far as they are as Kubernetes writes them: ${String(object['kind'])}, ${index}`, async () => {
      for (const path of pathsIn(object)) {
        for (const other of OTHERS) {
          const items = OBJECTS.map((one, place) => (place === index ? replaced(one, path, other) : one));
          const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
          await assert.doesNotReject(
            explainText(text, 'objects.json'),
            `${path.join('.')} is ${JSON.stringify(other)}`,
          );
        }
      }
    });
  }
});

function pathsIn(value: unknown): string[][] {
  if (!isJsonObject(value) && !Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => [[name], ...pathsIn(each).map((path) => [name, ...path])]);
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((each: unknown, index) => (String(index) === name ? replaced(each, rest, by) : each));
  return { ...(value as JsonObject), [name]: replaced((value as JsonObject)[name], rest, by) };
}

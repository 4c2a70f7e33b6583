import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { EphemeralRunners, EphemeralRunnerSets } from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import { listenerName } from '../../src/reconciler/autoscaling-runner-set/listener-name.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import type { AutoscalingRunnerSet } from '../../src/kubernetes/scale-set-types.ts';
import type { UpgradeAnswer } from '../../src/upgrade/check.ts';
import { checkFiles } from '../../src/upgrade/check-target.ts';
import { arcLab, inFolder } from '../builders/arc-lab.ts';
import {
  controller,
  definition,
  listener,
  pod,
  runner,
  runnerSet,
  scaleSet,
  secret,
} from '../builders/upgrade-objects.ts';

type Objects = readonly ApiObject[];

/** What objects of one version do to another: with them, and with others that are nearly so. */
interface Border {
  readonly hazard: string;
  readonly from: string;
  readonly to: string;
  readonly with: Objects;
  readonly nearly: Readonly<
    Record<string, Objects | { readonly from?: string; readonly to: string; readonly of: Objects }>
  >;
}

const AT = '2026-03-02T12:00:00Z';
const OLD_FINALIZER = 'ephemeralrunner.actions.github.com/finalizer';
const NEW_FINALIZER = 'ephemeralrunnerset.actions.github.com/finalizer';
const owner = (kind: string, name: string): Readonly<Record<string, unknown>> => ({
  ownerReferences: [{ apiVersion: 'actions.github.com/v1alpha1', kind, name, uid: `uid-of-${name}`, controller: true }],
});
const OF_SET = owner('EphemeralRunnerSet', 'big-x7k2p');
const RUNNING = { phase: 'Running', ready: true, runnerId: 12, runnerName: 'a' };
const DELETED = { ...OF_SET, deletionTimestamp: AT, finalizers: [OLD_FINALIZER] };
const ended = (name: string, exitCode: number): object => ({
  name,
  state: { terminated: { exitCode, reason: 'Error' } },
});
const failures = (type: string): ApiObject =>
  definition(EphemeralRunners, {
    failures: { type: 'object', additionalProperties: { type } },
    jobId: { type: 'string' },
  });
const withoutLabels = (object: ApiObject): ApiObject => ({ ...object, metadata: { ...object.metadata, labels: {} } });
const setOf = (name: string, finalizer: string): ApiObject =>
  runnerSet(name, { ...owner('AutoscalingRunnerSet', 'big'), finalizers: [finalizer] });
const named = (version: string): ApiObject => {
  const set = scaleSet('big', version) as AutoscalingRunnerSet;
  return listener(listenerName(set, RELEASES.get(version).switches), 'big');
};

const BORDERS: readonly Border[] = [
  {
    hazard: 'version-label',
    from: '0.10.1',
    to: '0.11.0',
    with: [scaleSet('big', '0.10.1')],
    nearly: {
      'a scale set that was installed for the new version': [scaleSet('big', '0.11.0')],
      'the main branch, which takes every label': { to: 'latest', of: [scaleSet('big', '0.10.1')] },
    },
  },
  {
    hazard: 'version-label',
    from: '0.11.0',
    to: '0.12.0',
    with: [scaleSet('ours', '0.12.1'), scaleSet('big', '0.11.0')],
    nearly: { 'another patch version since 0.12.0': [scaleSet('big', '0.12.1')] },
  },
  {
    hazard: 'version-label',
    from: '0.12.1',
    to: '0.11.0',
    with: [scaleSet('big', '0.12.1')],
    nearly: { 'a scale set that is left of the older version': [scaleSet('big', '0.11.0')] },
  },
  {
    hazard: 'version-label',
    from: '0.13.1',
    to: '0.14.2',
    with: [withoutLabels(scaleSet('big', '0.14.2'))],
    nearly: { 'the first patch version of the same minor one': [scaleSet('big', '0.14.0')] },
  },
  {
    hazard: 'failures-type',
    from: '0.11.0',
    to: '0.12.0',
    with: [runner('well', RUNNING), runner('a', { failures: { u1: true, u2: true } })],
    nearly: {
      'runners that never failed': [runner('well', RUNNING), runner('b', { failures: {} }), runner('c')],
      'failures that have been emptied': [runner('a', { failures: null })],
      'a version before the border': { to: '0.11.0', of: [runner('a', { failures: { u1: true } })] },
    },
  },
  {
    hazard: 'failures-type',
    from: '0.11.0',
    to: '0.14.2',
    with: [runner('a', { phase: 'Failed', reason: 'TooManyPodFailures', failures: { u1: true } }, DELETED)],
    nearly: { 'what 0.12.0 and later write': [runner('a', { failures: { u1: AT } })] },
  },
  {
    hazard: 'failures-type',
    from: '0.14.2',
    to: '0.11.0',
    with: [runner('a', { failures: { u1: AT } })],
    nearly: { 'a version behind the border': { to: '0.12.1', of: [runner('a', { failures: { u1: AT } })] } },
  },
  {
    hazard: 'definition-failures',
    from: '0.11.0',
    to: '0.12.1',
    with: [failures('boolean')],
    nearly: {
      'the definition of the new version': [failures('string')],
      'a version that writes true': { from: '0.10.1', to: '0.11.0', of: [failures('boolean')] },
    },
  },
  {
    hazard: 'definition-job-id',
    from: '0.12.1',
    to: '0.13.0',
    with: [definition(EphemeralRunners, { runnerId: { type: 'integer' }, jobRequestId: { type: 'integer' } })],
    nearly: {
      'the definition of the new version': [definition(EphemeralRunners, { jobId: { type: 'string' } })],
      'a version that needs no jobId': { to: '0.12.1', of: [definition(EphemeralRunners, { runnerId: {} })] },
      'a definition of another kind': [definition(EphemeralRunnerSets, { phase: { type: 'string' } })],
    },
  },
  {
    hazard: 'definition-phase',
    from: '0.13.1',
    to: '0.14.0',
    with: [definition(EphemeralRunnerSets, { currentReplicas: { type: 'integer' } })],
    nearly: {
      'the definition of the new version': [definition(EphemeralRunnerSets, { phase: { type: 'string' } })],
      'a version that writes no phase': {
        to: '0.13.1',
        of: [definition(EphemeralRunnerSets, { currentReplicas: {} })],
      },
    },
  },
  {
    hazard: 'registered-without-secret',
    from: '0.12.1',
    to: '0.13.1',
    with: [runner('a', { runnerId: 12, runnerJITConfig: 'c2VjcmV0' }), secret('other')],
    nearly: {
      'its secret exists': [runner('a', { runnerId: 12 }), secret('a')],
      'it is not registered yet': [runner('a', { phase: 'Pending' }), secret('other')],
      'it is done': [runner('a', { runnerId: 12, phase: 'Succeeded' }), secret('other')],
      'it is being deleted': [runner('a', { runnerId: 12 }, DELETED), secret('other')],
      'both versions keep the registration in the secret': {
        from: '0.13.1',
        to: '0.14.2',
        of: [runner('a', { runnerId: 12 }), secret('other')],
      },
    },
  },
  {
    hazard: 'secret-before-status',
    from: '0.13.1',
    to: '0.12.1',
    with: [runner('a', {}), secret('a')],
    nearly: {
      'its status has the registration': [runner('a', { runnerId: 12 }), secret('a')],
      'no secret was made yet': [runner('a', {}), secret('other')],
      'it is being deleted': [runner('a', {}, DELETED), secret('a')],
      'a version that reads the secret': { to: '0.13.0', of: [runner('a', {}), secret('a')] },
    },
  },
  {
    hazard: 'job-without-id',
    from: '0.12.1',
    to: '0.13.1',
    with: [runner('a', { ...RUNNING, jobRequestId: 3, workflowRunId: 4 })],
    nearly: {
      'its job has an id': [runner('a', { ...RUNNING, jobRequestId: 3, jobId: 'j' })],
      'it is idle': [runner('a', RUNNING)],
      'its job is done': [runner('a', { phase: 'Succeeded', runnerId: 12, jobRequestId: 3 })],
      'it has failed for good': [runner('a', { phase: 'Failed', runnerId: 12, jobRequestId: 3 })],
      'it is being deleted': [runner('a', { ...RUNNING, jobRequestId: 3 }, DELETED)],
    },
  },
  {
    hazard: 'listener-name',
    from: '0.13.0',
    to: '0.13.1',
    with: [scaleSet('big', '0.13.0'), named('0.12.1')],
    nearly: {
      'it has the new name already': [scaleSet('big', '0.13.0'), named('0.13.1')],
      'its scale set is gone': [scaleSet('small', '0.13.0'), named('0.12.1')],
      'both versions give the same name': {
        from: '0.13.1',
        to: '0.14.2',
        of: [scaleSet('big', '0.14.2'), named('0.13.1')],
      },
    },
  },
  {
    hazard: 'listener-name',
    from: '0.14.2',
    to: '0.12.1',
    with: [scaleSet('big', '0.12.1'), named('0.14.2')],
    nearly: { 'it has the old name': [scaleSet('big', '0.12.1'), named('0.12.1')] },
  },
  {
    hazard: 'set-finalizer',
    from: '0.14.2',
    to: 'latest',
    with: [setOf('big-x7k2p', OLD_FINALIZER)],
    nearly: {
      'it has the new finalizer alone': [setOf('big', NEW_FINALIZER)],
      'the versions have the same finalizer': { from: '0.13.1', to: '0.14.2', of: [setOf('big-x7k2p', OLD_FINALIZER)] },
    },
  },
  {
    hazard: 'set-finalizer',
    from: 'latest',
    to: '0.14.2',
    with: [setOf('big', NEW_FINALIZER)],
    nearly: { 'it has the old finalizer alone': [setOf('big', OLD_FINALIZER)] },
  },
  {
    hazard: 'runners-replaced',
    from: '0.14.2',
    to: 'latest',
    with: [setOf('big-x7k2p', OLD_FINALIZER), runner('a', RUNNING, OF_SET)],
    nearly: {
      'all have jobs': [setOf('big-x7k2p', OLD_FINALIZER), runner('a', { ...RUNNING, jobId: 'j' }, OF_SET)],
      'all have jobs of an old listener': [
        setOf('big-x7k2p', OLD_FINALIZER),
        runner('a', { ...RUNNING, jobRequestId: 3 }, OF_SET),
      ],
      'all are done': [setOf('big-x7k2p', OLD_FINALIZER), runner('a', { phase: 'Succeeded', runnerId: 12 }, OF_SET)],
      'the set has the hash': [
        runnerSet('big-x7k2p', { annotations: { 'actions.github.com/integrity-hash': '1f' } }),
        runner('a', RUNNING, OF_SET),
      ],
    },
  },
  {
    hazard: 'second-set',
    from: '0.14.2',
    to: 'latest',
    with: [setOf('big-x7k2p', OLD_FINALIZER)],
    nearly: {
      'it has the name of its scale set': [setOf('big', NEW_FINALIZER)],
      'a set that somebody has made by hand': [runnerSet('own')],
    },
  },
  {
    hazard: 'exit-code-7',
    from: '0.13.1',
    to: '0.14.0',
    with: [pod('a', { phase: 'Failed', containerStatuses: [ended('runner', 7)] })],
    nearly: {
      'another exit code': [pod('a', { phase: 'Failed', containerStatuses: [ended('runner', 1)] })],
      'another container': [pod('a', { phase: 'Running', containerStatuses: [ended('dind', 7)] })],
      'the pod of another program': [
        withoutLabels(pod('gitlab', { phase: 'Failed', containerStatuses: [ended('runner', 7)] })),
      ],
    },
  },
  {
    hazard: 'init-container',
    from: '0.14.1',
    to: '0.14.2',
    with: [pod('a', { phase: 'Pending', initContainerStatuses: [ended('init-dind-externals', 1)] })],
    nearly: {
      'it ended well': [pod('a', { phase: 'Running', initContainerStatuses: [ended('init-dind-externals', 0)] })],
      'it has not ended': [
        pod('a', { initContainerStatuses: [{ name: 'init', state: { running: { startedAt: AT } } }] }),
      ],
      'the pod of another program': [withoutLabels(pod('job', { initContainerStatuses: [ended('init', 1)] }))],
    },
  },
  {
    hazard: 'unknown-flag',
    from: '0.14.2',
    to: 'latest',
    with: [controller('0.14.2', ['-update-strategy=eventual'])],
    nearly: {
      'flags that both know': [controller('0.14.2', ['--runner-max-concurrent-reconciles=4', '--log-level=debug'])],
      'a flag that only begins so': [controller('0.14.2', ['--update-strategy-of-mine=x'])],
    },
  },
  {
    hazard: 'unknown-flag',
    from: '0.10.1',
    to: '0.9.2',
    with: [controller('0.10.1', ['--k8s-client-rate-limiter-qps', '50'])],
    nearly: {
      'a version that knows it': { to: '0.11.0', of: [controller('0.10.1', ['--k8s-client-rate-limiter-qps', '50'])] },
    },
  },
];

describe('arc-lab upgrade-check of what kubectl get -o yaml printed', () => {
  for (const { hazard, from, to, with: objects, nearly } of BORDERS) {
    it(`names ${hazard} from ${from} to ${to}`, () =>
      inDump(objects, async (file) => {
        const { code, stdout, stderr } = await arcLab(['upgrade-check', '--json', '--from', from, '--to', to, file]);
        assert.equal(code, 4, `the exit code says that hazards were found; ${stderr}`);
        const { hazards } = JSON.parse(stdout) as UpgradeAnswer;
        assert.ok(
          hazards.some(({ id }) => id === hazard),
          `only ${hazards.map(({ id }) => id).join(', ')} is named`,
        );
      }));

    for (const [what, given] of Object.entries(nearly)) {
      const near = 'to' in given ? { from, ...given } : { from, to, of: given };
      it(`does not name ${hazard} from ${near.from} to ${near.to}: ${what}`, () =>
        inDump(near.of, async (file) => {
          const { hazards } = await checkFiles([file], near);
          assert.ok(!hazards.some(({ id }) => id === hazard), hazards.map(({ sentence }) => sentence).join('\n'));
        }));
    }
  }
});

/** Lends a file with these objects as kubectl prints them. */
function inDump(objects: Objects, check: (file: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const file = join(folder, 'dump.yaml');
    writeFileSync(file, stringify({ apiVersion: 'v1', items: objects.map(printed), kind: 'List', metadata: {} }));
    await check(file);
  });
}

/** With what an API server adds to an object. */
function printed(object: ApiObject): ApiObject {
  const fieldsV1 = { 'f:metadata': { 'f:labels': {} } };
  const managedFields = [
    { apiVersion: object.apiVersion, fieldsType: 'FieldsV1', fieldsV1, manager: 'manager', time: AT },
  ];
  const added = {
    creationTimestamp: AT,
    generation: 1,
    managedFields,
    resourceVersion: '4711',
    uid: `uid-of-${object.metadata.name}`,
  };
  return { ...object, metadata: { ...added, ...object.metadata } };
}

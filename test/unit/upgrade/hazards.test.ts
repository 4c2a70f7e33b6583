import assert from 'node:assert/strict';
import { EphemeralRunners, EphemeralRunnerSets } from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { checkUpgrade } from '../../../src/upgrade/check.ts';
import { HAZARDS } from '../../../src/upgrade/hazards/all.ts';
import {
  controller,
  definition,
  listener,
  NEW_DEFINITIONS,
  pod,
  runner,
  runnerSet,
  scaleSet,
  secret,
  snapshot,
} from '../../builders/upgrade-objects.ts';

interface Case {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly objects: readonly ApiObject[];
  readonly sentence: RegExp;
  readonly command: RegExp;
  /** The same, harmless: another border, or other objects. */
  readonly harmless: readonly (readonly [from: string, to: string, ...objects: readonly ApiObject[]])[];
}

const FAILED = runner('a', { failures: { 'uid-1': true }, runnerId: 7 });
const FAILED_AT = runner('a', { failures: { 'uid-1': '2026-01-01T00:00:00Z' }, runnerId: 7 });
const TYPES = (type: string): ApiObject =>
  definition(EphemeralRunners, { failures: { type: 'object', additionalProperties: { type } }, jobId: {} });
const WITHOUT_JOB_ID = definition(EphemeralRunners, { runnerId: { type: 'integer' } });
const WITHOUT_PHASE = definition(EphemeralRunnerSets, { currentReplicas: { type: 'integer' } });
const OPEN = definition(EphemeralRunners, {});
(OPEN as unknown as { spec: { versions: { schema: { openAPIV3Schema: object } }[] } }).spec.versions.forEach(
  ({ schema }) => Object.assign(schema.openAPIV3Schema, { 'x-kubernetes-preserve-unknown-fields': true }),
);
const EXITED_7 = pod('a', { containerStatuses: [{ name: 'runner', state: { terminated: { exitCode: 7 } } }] });
const INIT_FAILED = pod('a', {
  initContainerStatuses: [{ name: 'init-dind', state: { running: {} }, lastState: { terminated: { exitCode: 1 } } }],
});
const WITH_METRICS = scaleSet('lab', '0.10.1');
Object.assign((WITH_METRICS as unknown as { spec: object }).spec, { listenerMetrics: { counters: {} } });
const OWN = 'ephemeralrunner.actions.github.com/finalizer';
const OWN_OF_LATEST = 'ephemeralrunnerset.actions.github.com/finalizer';
const OWNED = { ownerReferences: [{ apiVersion: 'v1', kind: 'EphemeralRunnerSet', name: 'lab', uid: 'uid-of-lab' }] };
const OF_SCALE_SET = (name: string): Readonly<Record<string, unknown>> => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'AutoscalingRunnerSet', name, uid: 'uid' }],
});

const CASES: readonly Case[] = [
  {
    id: 'failures-type',
    from: '0.11.0',
    to: '0.12.1',
    objects: [FAILED, runner('b', { failures: {} }), runner('c')],
    sentence: /^0\.12\.1 starts no worker: 1 runner has true in status\.failures/,
    command: /kubectl -n arc-runners patch ephemeralrunner a --subresource=status .*"failures":null/,
    harmless: [
      ['0.10.1', '0.11.0', FAILED],
      ['0.12.1', '0.14.2', FAILED_AT],
      ['0.11.0', '0.14.2', runner('c', {})],
    ],
  },
  {
    id: 'failures-type',
    from: '0.14.2',
    to: '0.11.0',
    objects: [FAILED_AT],
    sentence: /^0\.11\.0 starts no worker: 1 runner has times in status\.failures, where it reads true\.$/,
    command: /patch ephemeralrunner a/,
    harmless: [['0.14.2', '0.12.1', FAILED_AT]],
  },
  {
    id: 'version-label',
    from: '0.13.1',
    to: '0.14.2',
    objects: [scaleSet('big', '0.13.1')],
    sentence: /^0\.14\.2 deletes 1 scale set labelled 0\.13\.1, with all runners, and at GitHub too\.$/,
    command: /helm uninstall big --wait -n arc-runners/,
    harmless: [
      ['0.13.0', '0.13.1', scaleSet('big', '0.13.0')],
      ['0.13.1', 'latest', scaleSet('big', '0.13.1')],
    ],
  },
  {
    id: 'version-label',
    from: '0.10.0',
    to: '0.10.1',
    objects: [scaleSet('big', '0.10.0')],
    sentence: /deletes 1 scale set labelled 0\.10\.0/,
    command: /helm uninstall big/,
    harmless: [['0.10.0', '0.10.1', scaleSet('big', '0.10.1')]],
  },
  {
    id: 'definition-failures',
    from: '0.11.0',
    to: '0.12.1',
    objects: [TYPES('boolean')],
    sentence: /takes status\.failures as boolean, 0\.12\.1 writes string\.$/,
    command: /helm pull .* --version 0\.12\.1 --untar && kubectl replace/,
    harmless: [
      ['0.11.0', '0.12.1', TYPES('string')],
      ['0.10.1', '0.11.0', TYPES('boolean')],
      ['0.11.0', '0.12.1', OPEN],
      ['0.11.0', '0.12.1', ...NEW_DEFINITIONS],
    ],
  },
  {
    id: 'definition-job-id',
    from: '0.12.1',
    to: '0.13.1',
    objects: [WITHOUT_JOB_ID],
    sentence: /^0\.13\.1 takes every busy runner for idle/,
    command: /kubectl replace/,
    harmless: [
      ['0.11.0', '0.12.1', WITHOUT_JOB_ID],
      ['0.12.1', '0.13.1', ...NEW_DEFINITIONS],
      ['0.12.1', '0.13.1', OPEN],
    ],
  },
  {
    id: 'definition-phase',
    from: '0.13.1',
    to: '0.14.0',
    objects: [WITHOUT_PHASE],
    sentence: /^Under 0\.14\.0 an outdated runner is replaced without end/,
    command: /kubectl replace/,
    harmless: [
      ['0.12.1', '0.13.1', WITHOUT_PHASE],
      ['0.13.1', '0.14.0', ...NEW_DEFINITIONS],
    ],
  },
  {
    id: 'registered-without-secret',
    from: '0.12.1',
    to: '0.13.1',
    objects: [runner('a', { runnerId: 7, runnerJITConfig: 'c2VjcmV0' }), runner('b', { runnerId: 8 }), secret('b')],
    sentence: /^0\.13\.1 registers 1 runner that has no secret again/,
    command: /get secret a/,
    harmless: [
      ['0.12.1', '0.13.1', runner('a', { runnerId: 7 }), secret('a')],
      ['0.12.1', '0.13.1', runner('a')],
      ['0.12.1', '0.13.1', runner('a', { runnerId: 7, phase: 'Succeeded' })],
      ['0.13.1', '0.14.2', runner('a', { runnerId: 7 })],
    ],
  },
  {
    id: 'secret-before-status',
    from: '0.13.1',
    to: '0.12.1',
    objects: [runner('a'), secret('a')],
    sentence: /^0\.12\.1 registers 1 runner again/,
    command: /jsonpath/,
    harmless: [
      ['0.13.1', '0.12.1', runner('a', { runnerId: 7 }), secret('a')],
      ['0.12.1', '0.11.0', runner('a'), secret('a')],
    ],
  },
  {
    id: 'job-without-id',
    from: '0.12.1',
    to: '0.13.1',
    objects: [runner('a', { jobRequestId: 3 })],
    sentence: /^0\.13\.1 takes 1 busy runner for idle/,
    command: /get ephemeralrunners/,
    harmless: [
      ['0.12.1', '0.13.1', runner('a', { jobRequestId: 3, jobId: 'x' })],
      ['0.12.1', '0.13.1', runner('a', { jobRequestId: 0 })],
      ['0.11.0', '0.12.1', runner('a', { jobRequestId: 3 })],
    ],
  },
  {
    id: 'listener-name',
    from: '0.13.0',
    to: '0.13.1',
    objects: [scaleSet('big', '0.13.0'), listener('big-754b578d-listener', 'big')],
    sentence: /^0\.13\.1 makes a second listener beside 1 listener/,
    command: /kubectl -n arc-systems delete autoscalinglistener big-754b578d-listener/,
    harmless: [
      ['0.12.1', '0.13.0', scaleSet('big', '0.13.0'), listener('big-754b578d-listener', 'big')],
      ['0.13.0', '0.13.1', scaleSet('big', '0.13.0')],
    ],
  },
  {
    id: 'set-finalizer',
    from: '0.14.2',
    to: 'latest',
    objects: [runnerSet('lab', { finalizers: [OWN] })],
    sentence: /^1 set could never be deleted again/,
    command: new RegExp(`patch ephemeralrunnerset lab .*${OWN_OF_LATEST}`),
    harmless: [
      ['0.13.1', '0.14.2', runnerSet('lab', { finalizers: [OWN] })],
      ['0.14.2', 'latest', runnerSet('lab', { finalizers: [OWN_OF_LATEST] })],
    ],
  },
  {
    id: 'set-finalizer',
    from: 'latest',
    to: '0.14.2',
    objects: [runnerSet('lab', { finalizers: [OWN_OF_LATEST] })],
    sentence: /^1 set could never be deleted again: 0\.14\.2/,
    command: new RegExp(`patch ephemeralrunnerset lab .*${OWN}`),
    harmless: [['latest', '0.14.2', runnerSet('lab', { finalizers: [] })]],
  },
  {
    id: 'runners-replaced',
    from: '0.14.2',
    to: 'latest',
    objects: [runnerSet('lab'), runner('a', {}, OWNED), runner('busy', { jobId: 'x' }, OWNED)],
    sentence: /^latest removes 1 idle runner and makes another/,
    command: /get ephemeralrunners/,
    harmless: [
      ['0.13.1', '0.14.2', runnerSet('lab'), runner('a', {}, OWNED)],
      ['0.14.2', 'latest', runnerSet('lab'), runner('alone')],
    ],
  },
  {
    id: 'second-set',
    from: '0.14.2',
    to: 'latest',
    objects: [runnerSet('big-x7k2p', OF_SCALE_SET('big'))],
    sentence: /^latest makes a new runner set beside 1 set with a generated name/,
    command: /delete ephemeralrunnerset big-x7k2p/,
    harmless: [
      ['0.14.2', 'latest', runnerSet('big', OF_SCALE_SET('big'))],
      ['0.13.1', '0.14.2', runnerSet('big-x7k2p', OF_SCALE_SET('big'))],
    ],
  },
  {
    id: 'exit-code-7',
    from: '0.13.1',
    to: '0.14.2',
    objects: [EXITED_7],
    sentence: /^The runner of 1 pod ended with 7, on which 0\.14\.2 deletes the scale set at GitHub\.$/,
    command: /logs a -c runner/,
    harmless: [
      ['0.12.1', '0.13.1', EXITED_7],
      ['0.14.0', '0.14.2', EXITED_7],
    ],
  },
  {
    id: 'init-container',
    from: '0.14.0',
    to: '0.14.2',
    objects: [INIT_FAILED],
    sentence: /^0\.14\.2 deletes a pod at the first failure of an init container/,
    command: /logs a -c init-dind --previous/,
    harmless: [
      ['0.13.1', '0.14.0', INIT_FAILED],
      [
        '0.14.0',
        '0.14.2',
        pod('a', { initContainerStatuses: [{ name: 'init', state: { terminated: { exitCode: 0 } } }] }),
      ],
    ],
  },
  {
    id: 'listener-metrics',
    from: '0.10.1',
    to: '0.11.0',
    objects: [controller('0.10.1', ['--listener-metrics-addr=:8080']), scaleSet('lab', '0.10.1')],
    sentence:
      /^The listener of 1 scale set crashes in 0\.11\.0: it serves metrics, and its scale set has no listenerMetrics\.$/,
    command: /-n arc-runners get autoscalingrunnerset lab -o .*listenerMetrics/,
    harmless: [
      ['0.10.1', '0.12.1', controller('0.10.1', ['--listener-metrics-addr=:8080']), scaleSet('lab', '0.10.1')],
      ['0.9.3', '0.10.1', controller('0.9.3', ['--listener-metrics-addr=:8080']), scaleSet('lab', '0.9.3')],
      ['0.10.1', '0.11.0', controller('0.10.1', ['--listener-metrics-addr=0']), scaleSet('lab', '0.10.1')],
      ['0.10.1', '0.11.0', controller('0.10.1'), scaleSet('lab', '0.10.1')],
      ['0.10.1', '0.11.0', controller('0.10.1', ['--listener-metrics-addr=:8080']), WITH_METRICS],
    ],
  },
  {
    id: 'unknown-flag',
    from: '0.10.1',
    to: '0.9.3',
    objects: [controller('0.10.1', ['--runner-max-concurrent-reconciles=4'])],
    sentence: /^0\.9\.3 ends at once if it is started with --runner-max-concurrent-reconciles/,
    command: /helm get values arc -n arc-systems/,
    harmless: [
      [
        '0.10.1',
        '0.14.2',
        controller('0.10.1', ['--runner-max-concurrent-reconciles=4', '--update-strategy=eventual']),
      ],
    ],
  },
];

const ids = (from: string, to: string, objects: readonly ApiObject[]): readonly string[] =>
  checkUpgrade(snapshot(...objects), to, from).hazards.map(({ id }) => id);

describe('hazards of an upgrade', () => {
  for (const { id, from, to, objects, sentence, command, harmless } of CASES) {
    it(`names ${id} from ${from} to ${to}, its objects and a call against it`, () => {
      const { hazards, actions, verdict } = checkUpgrade(snapshot(...objects), to, from);
      const found = hazards.find((hazard) => hazard.id === id);
      assert.ok(found !== undefined, `found ${hazards.map((hazard) => hazard.id).join(', ') || 'nothing'}: ${verdict}`);
      assert.match(found.sentence, sentence);
      assert.ok(found.objects.length > 0, 'a hazard names an object');
      const calls = actions.map((action) => action.command ?? '');
      assert.ok(
        calls.some((call) => command.test(call)),
        calls.join('\n'),
      );
      assert.ok(!JSON.stringify([hazards, actions]).includes('c2VjcmV0'), 'a credential is shown');
    });

    it(`does not name ${id} where nothing shows it`, () => {
      for (const [earlier, later, ...others] of harmless) {
        assert.ok(!ids(earlier, later, others).includes(id), `${earlier} to ${later}: ${JSON.stringify(others)}`);
      }
      assert.deepEqual(ids(from, to, []), [], 'without an object nothing is found');
    });
  }

  it('say of failures that cannot be read whether it is so already, and of new ones only where such are written', () => {
    const details = (from: string, to: string, object: ApiObject): string =>
      checkUpgrade(snapshot(object), to, from)
        .hazards.filter(({ id }) => id === 'failures-type')
        .flatMap((hazard) => hazard.details)
        .join(' ');
    assert.match(details('0.12.1', '0.14.2', FAILED), /It is so already with 0\.12\.1/);
    assert.doesNotMatch(details('0.12.1', '0.14.2', FAILED), /makes another one/);
    assert.match(details('0.11.0', '0.14.2', FAILED), /makes another one/);
    assert.doesNotMatch(details('0.11.0', '0.14.2', FAILED), /so already/);
  });

  it('have each a case here, and sentences of at most 25 words', () => {
    assert.deepEqual(
      HAZARDS.map(({ id }) => id).filter((id) => !CASES.some((one) => one.id === id)),
      [],
    );
    for (const { from, to, objects } of CASES) {
      for (const { sentence } of checkUpgrade(snapshot(...objects), to, from).hazards) {
        assert.ok(sentence.split(/\s+/).length <= 25, sentence);
      }
    }
  });
});

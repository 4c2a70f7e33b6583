import assert from 'node:assert/strict';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../../../src/kubernetes/scale-set-types.ts';
import type { Pod, Secret } from '../../../src/kubernetes/types.ts';
import { configSecretFor } from '../../../src/reconciler/autoscaling-listener/config-secret.ts';
import type { ListenerPass } from '../../../src/reconciler/autoscaling-listener/listener-pass.ts';
import { mergeTemplate } from '../../../src/reconciler/autoscaling-listener/pod-template.ts';
import { listenerName } from '../../../src/reconciler/autoscaling-runner-set/listener-name.ts';
import { isVersionAllowed } from '../../../src/reconciler/autoscaling-runner-set/version.ts';
import { DEFAULT_PROCESS } from '../../../src/reconciler/process-options.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import type { Switches } from '../../../src/reconciler/releases/switches.ts';

function switchesOf(mode: string): Switches {
  return RELEASES.get(mode).switches;
}

describe('The version that a scale set was made for', () => {
  it('is the controller’s own until 0.12.0, and of the same minor version from 0.12.1 on', () => {
    const allowed = (mode: string, label: string | undefined, build: string): boolean =>
      isVersionAllowed(label, build, switchesOf(mode));
    for (const mode of ['0.9.3', 'old', 'new', '0.11.0']) {
      assert.equal(allowed(mode, '0.12.1', '0.12.1'), true, mode);
      assert.equal(allowed(mode, '0.12.0', '0.12.1'), false, mode);
      assert.equal(allowed(mode, '0.12.0', 'dev'), false, mode);
    }
    for (const mode of ['0.12.1', '0.13.1', '0.14.2', 'latest']) {
      for (const label of ['0.12.0', '0.12.1', '0.12', '0.12.9-rc1']) {
        assert.equal(allowed(mode, label, '0.12.1'), true, `${mode}: ${label}`);
      }
      for (const label of ['0.11.9', '1.12.1', '0.012.1', '0.12.01', 'v0.12.1', '', undefined]) {
        assert.equal(allowed(mode, label, '0.12.1'), false, `${mode}: ${String(label)}`);
      }
      for (const build of ['dev', 'canary-1a2b3c']) assert.equal(allowed(mode, '0.9.3', build), true);
    }
  });
});

describe('The name of a listener', () => {
  const scaleSet = (namespace: string, runnerGroup?: string): AutoscalingRunnerSet =>
    ({
      metadata: { name: 'lab', namespace },
      spec: { githubConfigUrl: 'https://github.com/org', ...(runnerGroup === undefined ? {} : { runnerGroup }) },
    }) as unknown as AutoscalingRunnerSet;

  it('tells apart scale sets of other namespaces, and of other runner groups from pull request 4299 on', () => {
    for (const { id, switches } of RELEASES.all) {
      const names = [scaleSet('a'), scaleSet('b'), scaleSet('a', 'group')].map((one) => listenerName(one, switches));
      for (const name of names) assert.match(name, /^lab-[0-9a-z]{8}-listener$/, id);
      assert.notEqual(names[0], names[1], id);
      assert.equal(names[0] === names[2], !switches.has(4299), id);
    }
  });
});

describe('The configuration of a listener', () => {
  const listener = {
    metadata: { name: 'lab-listener', namespace: 'arc-systems', uid: 'u1' },
    spec: { githubConfigUrl: 'https://github.com/org?a&b', runnerScaleSetId: 7, minRunners: 1, maxRunners: 9 },
  } as unknown as AutoscalingListener;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const secret = (data: Readonly<Record<string, string>>): Secret => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'github' } },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  });
  const textOf = (mode: string, github: Secret): string => {
    const pass: ListenerPass = { switches: switchesOf(mode), process: DEFAULT_PROCESS };
    const { data } = configSecretFor(listener, github, '', pass);
    return Buffer.from(data?.['config.json'] ?? '', 'base64').toString('utf8');
  };
  const configOf = (mode: string, github: Secret): Record<string, unknown> =>
    JSON.parse(textOf(mode, github)) as Record<string, unknown>;

  it('has names with capitals until pull request 3937, and with underscores after it', () => {
    for (const { id, switches } of RELEASES.all) {
      const config = configOf(id, secret({ github_token: 'pat' }));
      assert.equal(config[switches.has(3937) ? 'runner_scale_set_id' : 'runnerScaleSetId'], 7, id);
      assert.equal('metrics' in config, switches.has(3975), id);
    }
  });

  it('has the token or the app from pull request 4090 on, and what the secret holds before', () => {
    const both = secret({ github_token: 'pat', github_app_id: '1', github_app_installation_id: '2' });
    for (const { id, switches } of RELEASES.all) {
      const config = configOf(id, both);
      const [token, installation] = switches.has(4090)
        ? [config['github_token'], config['github_app_installation_id']]
        : [config['token'], config[switches.has(3937) ? 'app_installation_id' : 'appInstallationID']];
      assert.deepEqual([token, installation], ['pat', switches.has(4090) ? 0 : 2], id);
    }
  });

  it('writes characters as Go does, and never says what a number that is none was', () => {
    assert.match(textOf('latest', secret({ github_token: 'p<t' })), /org\?a\\u0026b.*p\\u003ct.*\n$/);
    const wrong = secret({ github_app_id: '1', github_app_installation_id: 'secret' });
    for (const { id } of RELEASES.all) {
      assert.throws(
        () => configOf(id, wrong),
        ({ message }: Error) => message.includes('github_app_installation_id') && !message.includes('"secret"'),
      );
    }
  });
});

describe('The template of a listener’s pod', () => {
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'lab-listener', labels: { own: '1' } },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'listener', image: 'arc', env: [{ name: 'A', value: '1' }] }],
      volumes: [{ name: 'config' }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
    },
  } as unknown as Pod;

  it('adds variables, containers and volumes, replaces what it names, and leaves the pod’s own labels', () => {
    const template = {
      metadata: { labels: { own: '2', more: '3' } },
      spec: {
        containers: [
          { name: 'side', image: 'side' },
          { name: 'listener', image: 'mine', env: [{ name: 'B', value: '2' }] },
        ],
        volumes: [{ name: 'data' }],
      },
    } as unknown as Parameters<typeof mergeTemplate>[1];
    for (const { id, switches } of RELEASES.all) {
      const { metadata, spec } = mergeTemplate(pod, template, switches);
      assert.deepEqual(metadata.labels, { own: '1', more: '3' }, id);
      assert.deepEqual(
        spec.containers.map(({ name, image, env }) => [name, image, env?.length]),
        [
          ['listener', 'mine', 2],
          ['side', 'side', undefined],
        ],
        id,
      );
      assert.deepEqual(
        spec.volumes?.map(({ name }) => name),
        ['config', 'data'],
        id,
      );
      assert.equal(spec.restartPolicy, 'Never', id);
      assert.equal(spec['nodeSelector'] === undefined, !switches.has(4377), id);
    }
  });
});

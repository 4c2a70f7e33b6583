import assert from 'node:assert/strict';
import type { AutoscalingListener } from '../../../src/kubernetes/scale-set-types.ts';
import { listenerConfig } from '../../../src/listener/config.ts';
import { configSecretFor } from '../../../src/reconciler/autoscaling-listener/config-secret.ts';
import { DEFAULT_PROCESS } from '../../../src/reconciler/process-options.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { aSecret } from '../../builders/objects.ts';

const listener: AutoscalingListener = {
  apiVersion: 'actions.github.com/v1alpha1',
  kind: 'AutoscalingListener',
  metadata: { name: 'lab-1234-listener', namespace: 'arc-systems', uid: 'u' },
  spec: {
    githubConfigUrl: 'https://github.com/org?a=1&b=2',
    githubConfigSecret: 'github-config',
    runnerScaleSetId: 7,
    autoscalingRunnerSetNamespace: 'arc-runners',
    autoscalingRunnerSetName: 'lab',
    ephemeralRunnerSetName: 'lab-abcde',
    maxRunners: 9,
    minRunners: 2,
    image: 'arc',
  },
};
const CREDENTIALS = {
  'a token': { github_token: 'pat' },
  'a GitHub App': { github_app_id: '12', github_app_installation_id: '34', github_app_private_key: '-----BEGIN\n' },
};

describe('The configuration that a listener gets from its controller', () => {
  for (const { id, switches } of RELEASES.all) {
    for (const [name, github] of Object.entries(CREDENTIALS)) {
      it(`is read by the listener of the same release: ${id}, ${name}`, () => {
        const pass = { switches, process: DEFAULT_PROCESS } as Parameters<typeof configSecretFor>[3];
        const data = Object.fromEntries(
          Object.entries(github).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
        );
        const secret = configSecretFor(listener, aSecret({}, data), '-----CERTIFICATE', pass);
        const text = Buffer.from(secret.data?.['config.json'] ?? '', 'base64').toString('utf8');
        assert.deepEqual(listenerConfig(text, switches), {
          configUrl: 'https://github.com/org?a=1&b=2',
          credentials:
            name === 'a token'
              ? { kind: 'token', token: 'pat' }
              : { kind: 'app', appId: '12', installationId: 34, privateKey: '-----BEGIN\n' },
          setNamespace: 'arc-runners',
          setName: 'lab-abcde',
          maxRunners: 9,
          minRunners: 2,
          scaleSetId: 7,
          scaleSetName: 'lab',
          serverRootCa: '-----CERTIFICATE',
        });
      });
    }
  }
});

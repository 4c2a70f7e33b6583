import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { listContexts } from '../../../src/kubernetes/remote/contexts.ts';
import { openKubeconfig } from '../../../src/kubernetes/remote/kubeconfig.ts';
import { ApiTransport } from '../../../src/kubernetes/remote/transport.ts';

describe('the contexts of a kubeconfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arc-lab-contexts-'));
  const written = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('come with their server and namespace, and the current one is marked', async () => {
    const file = written(
      'good',
      'current-context: b\ncontexts:\n- name: a\n  context: {cluster: one, namespace: runners}\n- name: b\n  context: {cluster: two}\n' +
        'clusters:\n- name: one\n  cluster: {server: "https://one:6443"}\n- name: two\n  cluster: {server: "https://two:6443"}\n',
    );
    assert.deepEqual(await listContexts(file), [
      { name: 'a', server: 'https://one:6443', namespace: 'runners', isCurrent: false, runs: undefined },
      { name: 'b', server: 'https://two:6443', namespace: 'default', isCurrent: true, runs: undefined },
    ]);
  });

  it('tell which program is run for their credentials, before anything is run', async () => {
    const file = written(
      'exec',
      `contexts:
- {name: plugin, context: {user: a}}
- {name: provider, context: {user: b}}
- {name: token, context: {user: c}}
users:
- {name: a, user: {exec: {command: aws, args: [eks, get-token, --cluster-name, x]}}}
- {name: b, user: {auth-provider: {name: gcp, config: {cmd-path: /opt/gcloud, cmd-args: config helper}}}}
- {name: c, user: {token: abc}}
`,
    );
    assert.deepEqual(
      (await listContexts(file)).map(({ name, runs }) => [name, runs]),
      [
        ['plugin', 'aws eks get-token --cluster-name x'],
        ['provider', '/opt/gcloud config helper'],
        ['token', undefined],
      ],
    );
  });

  it('are none in a file that is empty or holds something else', async () => {
    assert.deepEqual(await listContexts(written('empty', '')), []);
    assert.deepEqual(await listContexts(written('odd', 'contexts: 7\nclusters: yes\n')), []);
  });

  it('are refused with a sentence when the file is broken or missing', async () => {
    await assert.rejects(listContexts(written('broken', 'contexts: [')), /the kubeconfig .*broken cannot be read: /);
    await assert.rejects(listContexts(join(folder, 'missing')), /no kubeconfig found at .*missing/);
  });

  describe('whose server speaks plain HTTP', () => {
    const open = async (server: string, more = ''): Promise<ApiTransport> => {
      const text =
        'current-context: c\ncontexts:\n- {name: c, context: {cluster: one, user: u}}\nusers:\n- {name: u, user: {token: sesame}}\n' +
        `clusters:\n- {name: one, cluster: {server: "${server}"${more}}}\n`;
      return new ApiTransport(await openKubeconfig({ file: written('http', text), secrets: new SecretRegistry() }));
    };

    it('are used where it is on this machine, as kubectl proxy is', async () => {
      const server = createServer((request, response) => {
        response.end(JSON.stringify({ asked: request.url, as: request.headers.authorization }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        for (const host of ['127.0.0.1', 'localhost']) {
          const transport = await open(`http://${host}:${port}`);
          assert.deepEqual(await transport.json('GET', '/version'), { asked: '/version', as: 'Bearer sesame' });
          transport.close();
        }
      } finally {
        server.close();
      }
    });

    it('are refused where it is elsewhere, unless the kubeconfig allows it', async () => {
      await assert.rejects(open('http://10.0.0.1:8001'), {
        message:
          'the server of context c is plain HTTP, over which others could read the credentials; ' +
          'use https, or give its cluster insecure-skip-tls-verify: true',
      });
      const allowed = await open('http://10.0.0.1:8001', ', insecure-skip-tls-verify: true');
      assert.equal(allowed.server, 'http://10.0.0.1:8001');
    });
  });
});

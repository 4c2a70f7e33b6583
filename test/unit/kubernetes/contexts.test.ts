import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listContexts } from '../../../src/kubernetes/remote/contexts.ts';

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
    await assert.rejects(listContexts(join(folder, 'missing')), /there is no kubeconfig at .*missing/);
  });
});

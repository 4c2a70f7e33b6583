import assert from 'node:assert/strict';
import { join } from 'node:path';
import { arcLab, inFolder } from '../builders/arc-lab.ts';
import { connected, serving } from '../builders/serving.ts';

const QUOTAS = '/api/v1/namespaces/arc-runners/resourcequotas';

describe('arc-lab run', () => {
  it('writes one line when a runner gets stuck, with why and what to do', async () => {
    const finished = await arcLab(['run', '--runners', '1', '--pods', 'image-pull-back-off', '--pod-start', '100ms'], {
      whenSaid: { text: '\nstuck', act: (child) => child.kill('SIGINT') },
    });
    assert.equal(finished.code, 0, finished.stderr);
    const lines = finished.stdout.split('\n').filter((line) => line.startsWith('stuck'));
    assert.match(lines[0] ?? '', /^stuck {2}arc-runners\/runner-1 {2}Pod cannot pull its image \(\w+\)/);
    assert.match(
      lines[0] ?? '',
      /ARC does nothing about it and waits for the pod; the kubelet tries again\. Check image, tag/,
    );
  });

  it("writes to a served cluster with a quota: the refusal is ARC's log line, and a line says the sum", () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      await serving(['--kubeconfig', kubeconfig, '--runners', '2', '--pods', 'jobs'], async () => {
        await connected(kubeconfig, async (api) => {
          const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'compute' } };
          await api.json('POST', QUOTAS, { ...quota, spec: { hard: { pods: '1' } } });
        });
        const attached = ['--kubeconfig', kubeconfig, '--context', 'arc-lab', '--namespace', 'arc-runners'];
        const finished = await arcLab(['run', '--mode', 'new', ...attached, '--apply', '--yes'], {
          env: { XDG_STATE_HOME: folder },
          whenSaid: { text: '\nstuck', act: (child) => child.kill('SIGINT') },
        });
        assert.match(
          finished.stdout,
          /ERROR arc-runners\/runner-\d {2}Failed to create a pod due to unrecoverable failure \{"error":".*exceeded quota: compute/,
        );
        assert.match(
          finished.stdout,
          /\nstuck {2}arc-runners\/runner-\d {2}The API server refused the pod \(InvalidPod\): exceeded quota compute: used 1 \+ requested 1 > 1\. /,
        );
      });
    }));
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Deployments, pathOf } from '../../src/kubernetes/resource.ts';
import type { Workload } from '../../src/kubernetes/types.ts';
import { RESTORE_ANNOTATION } from '../../src/apply/scale-controller.ts';
import { arcLab, inFolder } from '../builders/arc-lab.ts';
import { eventually } from '../builders/eventually.ts';
import { connected, serving } from '../builders/serving.ts';

const PATH = pathOf(Deployments, 'arc-runners');

describe('arc-lab restore on a served cluster', () => {
  it('brings back a controller that was scaled to zero, whose replicas are then said to be ready', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'kubeconfig');
      await serving(['--kubeconfig', kubeconfig], async () => {
        const note = JSON.stringify({ replicas: 2, by: 'somebody', at: '2026-01-01T00:00:00Z' });
        await connected(kubeconfig, async (api) => {
          const spec = { containers: [{ name: 'manager', image: 'gha-runner-scale-set-controller:0.12.1' }] };
          await api.json('POST', PATH, {
            metadata: { name: 'controller', annotations: { [RESTORE_ANNOTATION]: note } },
            spec: {
              replicas: 0,
              selector: { matchLabels: { app: 'x' } },
              template: { metadata: { labels: { app: 'x' } }, spec },
            },
          });
        });
        const restored = await arcLab(['restore', '--kubeconfig', kubeconfig, '--context', 'arc-lab'], {
          env: { XDG_STATE_HOME: folder },
        });
        assert.match(restored.stdout, /arc-runners\/controller is back at 2/, restored.stderr);
        await eventually(() =>
          connected(kubeconfig, async (api) => {
            const { status } = (await api.json('GET', `${PATH}/controller`)) as Workload;
            assert.equal(status?.readyReplicas, 2);
          }),
        );
      });
    }));
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { EphemeralRunners, pathOf } from '../../src/kubernetes/resource.ts';
import type { EphemeralRunner } from '../../src/kubernetes/types.ts';
import { arcLab, inFolder } from '../builders/arc-lab.ts';
import { eventually } from '../builders/eventually.ts';
import { aRunner } from '../builders/objects.ts';
import { connected, serving } from '../builders/serving.ts';

const RUNNERS = pathOf(EphemeralRunners, 'arc-runners');
const PATIENCE_MS = 20_000;

describe('arc-lab serve --data, over a restart', function () {
  this.timeout(90_000);

  it('a controller that lives on goes on working, and no id is given twice', () =>
    inFolder(async (folder) => {
      const [kubeconfig, data] = [join(folder, 'kubeconfig'), join(folder, 'state.json')];
      const args = ['--kubeconfig', kubeconfig, '--data', data, '--runners', '2'];
      const idOf = (name: string): Promise<number> =>
        eventually(
          () =>
            connected(kubeconfig, async (api) => {
              const { status } = (await api.json('GET', `${RUNNERS}/${name}`)) as EphemeralRunner;
              assert.ok(status?.runnerId !== undefined, `${name} is not registered`);
              return status.runnerId;
            }),
          PATIENCE_MS,
        );
      const controller: { ended?: Promise<unknown>; stop?: () => void } = {};
      const before: number[] = [];
      const first = await serving(
        args,
        async () => {
          const attached = ['--kubeconfig', kubeconfig, '--context', 'arc-lab', '--namespace', 'arc-runners'];
          await new Promise<void>((said) => {
            controller.ended = arcLab(['run', '--mode', 'new', ...attached, '--apply', '--yes'], {
              env: { XDG_STATE_HOME: folder },
              whenSaid: {
                text: 'runner-1',
                act: (child) => {
                  controller.stop = () => child.kill('SIGINT');
                  said();
                },
              },
            });
          });
          before.push(await idOf('runner-1'), await idOf('runner-2'));
        },
        'SIGTERM',
      );
      assert.equal(first.code, 0, first.stderr);
      await serving(args, async () => {
        await connected(kubeconfig, async (api) => {
          const { spec } = (await api.json('GET', `${RUNNERS}/runner-1`)) as EphemeralRunner;
          await api.json('POST', RUNNERS, aRunner({ name: 'late', namespace: 'arc-runners' }, spec));
        });
        const late = await idOf('late');
        assert.ok(late > Math.max(...before), `${late} was given before: ${before.join(', ')}`);
      });
      controller.stop?.();
      await controller.ended;
    }));
});

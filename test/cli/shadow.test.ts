import assert from 'node:assert/strict';
import { join } from 'node:path';
import { MODES } from '../../src/reconciler/modes.ts';
import { arcLab, inFolder } from '../builders/arc-lab.ts';

describe('arc-lab run in shadow of a served cluster', () => {
  for (const mode of MODES) {
    it(`makes a pod for each of 30 runners in ${mode} mode: none stays behind after its finalizer`, () =>
      inFolder(async (folder) => {
        const kubeconfig = join(folder, 'kubeconfig');
        let shadowed: ReturnType<typeof arcLab> | undefined;
        const shadow = ['run', '--mode', mode, '--kubeconfig', kubeconfig, '--until-idle', '--jit-latency', '10ms'];
        const served = await arcLab(['serve', '--kubeconfig', kubeconfig, '--runners', '30', '--pods', 'none'], {
          whenSaid: {
            text: 'Ctrl-C ends',
            act: (child) => {
              shadowed = arcLab([...shadow, '--qps', '0']).finally(() => child.kill('SIGINT'));
            },
          },
        });
        assert.equal(served.code, 0, served.stderr);
        const { code, stdout, stderr } = (await shadowed) ?? assert.fail('nothing ran in shadow');
        assert.equal(code, 0, stderr);
        assert.match(stdout.trimEnd().split('\n').at(-1) ?? '', /, 30 pods made$/);
      }));
  }
});

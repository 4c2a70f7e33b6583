import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { person, type QuickPick } from '../../builders/vscode/interface.ts';

const { askVersion } = await import('../../../src/extension/commands/ask-version.ts');

const STEP = { title: 'ARC: Check an Upgrade', step: 2, totalSteps: 2 };

function asked(act: (box: QuickPick) => void): Promise<string> {
  person.sees = (box) => queueMicrotask(() => act(box));
  return askVersion(STEP, 'Which version of ARC is wanted?');
}

const first = ({ items }: QuickPick): string => `${items[0]?.label} ${items[0]?.description ?? ''}`.trim();

describe('the picker of the version that is wanted', () => {
  it('has every published version, and takes one that is typed', async () => {
    assert.equal(await asked((box) => box.choose('0.12.1')), '0.12.1');
    for (const [text, row, version] of [
      ['v0.13.0', /^\$\(play\) 0\.13\.0$/, '0.13.0'],
      ['0.9.1', /^\$\(play\) 0\.9\.1 is not known here and is checked as if it were 0\.9\.3$/, '0.9.1'],
    ] as const) {
      const answer = await asked((box) => {
        box.type(text);
        assert.match(first(box), row);
        box.choose('$(play)');
      });
      assert.equal(answer, version);
    }
  });

  it('says what is wrong with what is typed, and stays', async () => {
    const answer = await asked((box) => {
      box.type('nonsense');
      assert.match(first(box), /^\$\(error\) "nonsense" is no version of ARC that is known here; versions are 0\./);
      box.type('1.0');
      assert.match(first(box), /^\$\(error\) "1\.0" is no version of ARC .*; did you mean latest\?$/);
      box.choose('$(error)');
      box.type('');
      box.choose('latest');
    });
    assert.equal(answer, 'latest');
  });
});

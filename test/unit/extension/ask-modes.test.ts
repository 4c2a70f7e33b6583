import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { person, type QuickPick } from '../../builders/vscode/interface.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { SWITCHES } from '../../../src/reconciler/releases/switches.ts';

const { askModes } = await import('../../../src/extension/commands/ask-modes.ts');
const { modeChoices, modesOf } = await import('../../../src/extension/commands/mode-choices.ts');

const STEP = { title: 'ARC: Run Reconciler Locally', step: 2, totalSteps: 3 };

/** What the picker answers to somebody who does this in the lists that come one after the other. */
async function asked(mayBeSeveral: boolean, ...acts: readonly ((box: QuickPick) => void)[]): Promise<unknown> {
  const left = [...acts];
  person.sees = (box) => queueMicrotask(() => left.shift()?.(box));
  const choices = modeChoices(!mayBeSeveral, false);
  const { mode } = await askModes(STEP, 'Select a reconciler mode', choices, mayBeSeveral);
  assert.equal(left.length, 0, 'a list was not shown');
  return mode;
}

const first = ({ items }: QuickPick): string => `${items[0]?.label} ${items[0]?.description ?? ''}`.trim();

describe('the picker of versions', () => {
  it('takes each version of the list, and what is compared where nothing else is wanted comes first', async () => {
    for (const id of RELEASES.ids) assert.equal(await asked(true, (box) => box.choose(id)), id);
    assert.equal(
      await asked(true, (box) => {
        assert.match(first(box), /^Both, side by side/);
        box.choose('Both');
      }),
      'both',
    );
  });

  it('takes versions that are typed: published ones, several, and with or without pull requests', async () => {
    const typed: [text: string, row: RegExp, mode: unknown][] = [
      ['latest', /^\$\(play\) Run latest$/, 'latest'],
      [
        'v0.13.0',
        /^\$\(play\) Run 0\.13\.0 v0\.13\.0 is run as 0\.13\.1 without what it lacks of it: #4289, /,
        '0.13.0',
      ],
      ['0.10.1', /^\$\(play\) Run 0\.10\.1 0\.10\.1 is run as new, which does the same\.$/, '0.10.1'],
      ['0.9.1', /^\$\(play\) Run 0\.9\.3 0\.9\.1 is run as 0\.9\.3, the nearest of the modes\.$/, '0.9.3'],
      ['0.14.1', /^\$\(play\) Run 0\.14\.1$/, '0.14.1'],
      ['0.10.1-3848', /^\$\(play\) Run 0\.10\.1-3848 0\.10\.1 is run as new, /, '0.10.1-3848'],
      ['0.14.2-4390', /^\$\(play\) Run 0\.14\.2-4390$/, '0.14.2-4390'],
      ['0.12.1, 0.13.1 0.14.2', /^\$\(play\) Compare 0\.12\.1, 0\.13\.1 and 0\.14\.2$/, ['0.12.1', '0.13.1', '0.14.2']],
    ];
    for (const [text, row, mode] of typed) {
      const answer = await asked(true, (box) => {
        box.type(text);
        assert.match(first(box), row);
        box.choose('$(play)');
      });
      assert.deepEqual(answer, mode);
    }
  });

  it('says what is wrong with what is typed, and stays', async () => {
    const refused: [text: string, mayBeSeveral: boolean, why: RegExp][] = [
      ['0.97.1', true, /^\$\(error\) ARC 0\.97\.1 cannot be run here; modes are /],
      [
        '1.0',
        true,
        /^\$\(error\) .*1\.0.* cannot be run here; modes are |^\$\(error\) Unknown mode "1\.0"; modes are /,
      ],
      ['nonsense', true, /^\$\(error\) Unknown mode "nonsense"; modes are /],
      ['new,old', false, /^\$\(error\) Only one version can run here$/],
      ['0.14.2+4670', true, /pull request 4670 cannot be without 4626/i],
    ];
    for (const [text, mayBeSeveral, why] of refused) {
      await asked(mayBeSeveral, (box) => {
        box.type(text);
        assert.match(first(box), why);
        box.choose('$(error)');
        assert.equal(box.isDisposed, false, text);
        box.type('');
        box.choose('latest');
      });
    }
  });

  it('compares the versions that are ticked', async () => {
    person.chooses = (items) => items.filter(({ label }) => ['0.12.1', '0.14.2'].includes(label));
    assert.deepEqual(await asked(true, (box) => box.choose('Several versions')), ['0.12.1', '0.14.2']);
  });

  it('shows pull requests with their words, and refuses contradictory ones with a sentence that names the two', async () => {
    const answers = ['0.14.2', '0.14.2-4390 beside 0.14.2'];
    person.chooses = (items) => items.find(({ label }) => label === answers[0] && answers.shift() !== undefined);
    const mode = await asked(
      true,
      (box) => box.choose('With or without'),
      (box) => {
        assert.equal(box.items.length, Object.keys(SWITCHES).length);
        assert.equal(box.items.find(({ label }) => label === '#4390')?.description, SWITCHES[4390]);
        assert.match(box.items.find(({ label }) => label === '#4670')?.description ?? '', /\(from its description\)$/);
        box.tick('#4670');
        assert.match(box.prompt ?? '', /^Pull request 4670 cannot be without 4626: /);
        box.accept();
        assert.equal(box.isDisposed, false);
        assert.match(person.warned.at(-1) ?? '', /^Pull request 4670 cannot be without 4626: /);
        box.tick('#4670', '#4390');
        assert.equal(box.prompt, undefined);
        box.accept();
      },
    );
    assert.deepEqual(mode, ['0.14.2', '0.14.2-4390']);
  });

  it('leaves a version as it is where nothing is changed', async () => {
    person.chooses = (items) => items.find(({ label }) => label === '0.13.1');
    const change = (box: QuickPick): void => box.choose('With or without');
    assert.equal(await asked(false, change, (box) => box.accept()), '0.13.1');
  });

  it('knows published versions wherever modes are given, each once', () => {
    assert.deepEqual(modesOf(['0.9.1', '0.9.3', 'v0.14.1', '0.10']), ['0.9.3', '0.14.1', '0.10.1']);
    assert.deepEqual(modesOf('0.14.2-4390'), ['0.14.2-4390']);
    assert.throws(() => modesOf([]), /No mode is named; modes are /);
  });
});

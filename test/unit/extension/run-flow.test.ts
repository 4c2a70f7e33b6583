import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { person, type Asked, type QuickPick } from '../../builders/vscode/interface.ts';
import type { RunOptions } from '../../../src/extension/commands/run-arguments.ts';

const { askStart } = await import('../../../src/extension/commands/ask-start.ts');
const { settingsFor } = await import('../../../src/extension/configuration.ts');
const { describeOptions, loadOf } = await import('../../../src/extension/commands/run-arguments.ts');

const STEP = { title: 'ARC: Run Reconciler Locally', step: 3, totalSteps: 3 };

/** The lists that are seen one after the other, and what is done with each. */
function sees(...acts: readonly ((box: QuickPick) => void)[]): void {
  const left = [...acts];
  person.sees = (box) => queueMicrotask(() => left.shift()?.(box));
}

const rowOf = ({ items }: QuickPick, label: string): string =>
  items.find((item) => item.label.includes(label))?.description ?? '';

describe('the last question of the run flow', () => {
  const wrong: string[] = [];
  /** Types one text after the other, as long as the box refuses them. */
  const types = (...texts: readonly string[]): void => {
    const left = [...texts];
    wrong.length = 0;
    person.types = ({ validateInput }: Asked) => {
      for (let text = left.shift(); text !== undefined; text = left.shift()) {
        const problem = validateInput(text);
        if (problem === undefined) return text;
        wrong.push(problem);
      }
      return undefined;
    };
  };

  it('says what is wrong with a number of runners, keeps it to be corrected, and goes nowhere meanwhile', async () => {
    sees((box) => {
      box.type('2.5');
      assert.deepEqual(
        box.items.map(({ label }) => label),
        ['$(error) "2.5" is not a whole number from 1 to 100000'],
      );
      box.accept();
      assert.deepEqual([box.isDisposed, box.value], [false, '2.5']);
      box.type('25');
      box.choose('Start with 25 runners');
    });
    assert.equal((await askStart(STEP, { runners: 3 })).runners, 25);
  });

  it('says what is wrong with a fault, and lists the faults that there are as they were typed', async () => {
    types(
      'create pods often',
      'craete pods 500',
      'create pods',
      'create pods 500 3 4',
      'create pods 500 3, generatejitconfig 503 2',
    );
    const rows: string[] = [];
    sees(
      (box) => box.choose('More…'),
      (box) => {
        rows.push(rowOf(box, 'Fail requests'));
        box.choose('Fail requests');
      },
      (box) => {
        rows.push(rowOf(box, 'Fail requests'));
        box.choose('Start');
      },
    );
    const options = await askStart(STEP, { runners: 3 });
    assert.deepEqual(rows, ['none', 'create pods 500 3, generatejitconfig 503 2']);
    const [often, verb, missing, more] = wrong;
    assert.match(often ?? '', /^"often" is not a status: 400 to 599, or 0 to cut the connection\.$/);
    assert.match(verb ?? '', /^No such verb: craete; there are .*create.*generatejitconfig/);
    assert.match(
      missing ?? '',
      /^The status is missing: 400 to 599, or 0 to cut the connection, as in create pods 500 3\.$/,
    );
    assert.match(more ?? '', /^The count must come last, not "4"\.$/);
    assert.deepEqual(options.conditions, {
      faults: [{ verb: 'create', resource: 'pods', status: 500, times: 3 }],
      actionsFaults: [{ operation: 'generatejitconfig', status: 503, times: 2 }],
    } satisfies RunOptions['conditions']);
    assert.deepEqual(describeOptions(options), ['3 runners', 'fails: create pods 500 3, generatejitconfig 503 2']);
  });

  it('offers the faults that were typed to be changed, and none of them stays when they are taken out', async () => {
    const offered: string[] = [];
    person.types = ({ value = '' }) => {
      offered.push(value);
      return offered.length === 1 ? 'get pods 0' : '';
    };
    const open = (box: QuickPick): void => box.choose('Fail requests');
    sees(
      (box) => box.choose('More…'),
      open,
      open,
      (box) => box.choose('Start'),
    );
    const { conditions } = await askStart(STEP, { runners: 3 });
    assert.deepEqual(offered, ['create pods 500 3', 'get pods 0 1']);
    assert.deepEqual(conditions, { faults: [], actionsFaults: [] });
  });

  it('says what is wrong with a load and with a latency', async () => {
    types('ten', '10');
    sees(
      (box) => box.choose('More…'),
      (box) => box.choose('Runners per second'),
      (box) => {
        assert.deepEqual(wrong, ['"ten" is not a whole number from 0 to 9999']);
        assert.equal(rowOf(box, 'Runners per second'), '10 per second');
        types('soon', '1s');
        box.choose('Latency of the Kubernetes API');
      },
      (box) => {
        assert.deepEqual(wrong, ['"soon" is not a duration like 200ms or 1.5s']);
        box.choose('Start');
      },
    );
    const { perSecond, conditions } = await askStart(STEP, { runners: 3 });
    assert.deepEqual([perSecond, conditions], [10, { apiLatencyUs: 1_000_000 }]);
  });

  it('lets a set make the runners, which makes them in one burst', async () => {
    const rows: string[] = [];
    const lookAndChoose =
      (label: string) =>
      (box: QuickPick): void => {
        rows.push(rowOf(box, 'Runners are made'), rowOf(box, 'Runners per second'));
        box.choose(label);
      };
    person.chooses = (items) => items.find(({ label }) => label === 'by an EphemeralRunnerSet');
    sees((box) => box.choose('More…'), lookAndChoose('Runners are made'), lookAndChoose('Start'));
    const options = await askStart(STEP, { runners: 3, perSecond: 5 });
    assert.deepEqual(rows, ['one by one', '5 per second', 'by an EphemeralRunnerSet', 'in one burst']);
    assert.deepEqual(describeOptions(options), ['3 runners', 'by an EphemeralRunnerSet']);
    assert.deepEqual(loadOf(options), { throughSet: true, conditions: undefined });
  });

  it('lets an earlier release be there first, with or without what its chart brings', async () => {
    const rows: string[][] = [];
    const look = (box: QuickPick): void => {
      rows.push(
        ['Takes over from', 'Custom resource definitions', 'Chart of the scale set'].map((row) => rowOf(box, row)),
      );
    };
    const lookAnd = (label: string) => (box: QuickPick) => {
      look(box);
      box.choose(label);
    };
    types('5 a minute', '90s');
    const answers = ['0.12.1', 'not upgraded'];
    person.chooses = (items) => {
      const answer = answers.shift() ?? '';
      return items.find(({ label }) => label.startsWith(answer));
    };
    sees(
      (box) => box.choose('A scale set with jobs…'),
      lookAnd('Takes over from'),
      lookAnd('Chart of the scale set'),
      lookAnd('Start'),
    );
    const options = await askStart(STEP, { runners: 3 });
    assert.deepEqual(rows, [
      ['nobody', '', ''],
      ['0.12.1 after 1 min 30 s', 'upgraded before the controller', 'upgraded with the controller'],
      ['0.12.1 after 1 min 30 s', 'upgraded before the controller', 'not upgraded: that of 0.12.1'],
    ]);
    assert.deepEqual(loadOf(options).upgrade, { from: '0.12.1', afterUs: 90e6, keepsLabel: true });
    assert.deepEqual(describeOptions(options), ['jobs: 5 a minute', 'takes over from 0.12.1 after 1 min 30 s']);
    assert.throws(() => loadOf({ ...options, upgrade: { from: '0.7.0', afterUs: 1 } }), /0\.7\.0/);
  });

  it('lets a scale set make the runners when jobs come, within bounds that do not contradict each other', async () => {
    types('5 a week', '5 a minute');
    const rows: string[][] = [];
    sees(
      (box) => box.choose('A scale set with jobs…'),
      (box) => {
        rows.push(
          ['Start', 'Jobs', 'Runners are made', 'Fewest runners', 'Most runners'].map((row) => rowOf(box, row)),
        );
        assert.ok(box.items.every(({ label }) => label !== 'Runners per second'));
        types('many', '2');
        box.choose('Fewest runners');
      },
      (box) => {
        types('1', '8');
        box.choose('Most runners');
      },
      (box) => box.choose('Start'),
    );
    const options = await askStart(STEP, { runners: 3 });
    const [start, jobs, makers, fewest, most] = rows[0] ?? [];
    assert.deepEqual([start, jobs], ['jobs: 5 a minute', '5 a minute']);
    assert.deepEqual([makers, fewest, most], ['by a scale set that has jobs', '0', 'without a maximum']);
    assert.deepEqual(wrong, ['The minimum of 2 is above the maximum of 1: change one of them.']);
    assert.deepEqual(describeOptions(options), ['jobs: 5 a minute', 'at least 2 runners', 'at most 8 runners']);
    assert.deepEqual(loadOf(options), {
      scaleSet: { jobs: { kind: 'rate', everyUs: 12_000_000 }, minRunners: 2, maxRunners: 8 },
      conditions: undefined,
    });
    const { runners, jobDurationUs } = settingsFor('new', { ...options, jobs: '7 at once' });
    assert.deepEqual([runners, jobDurationUs], [7, undefined]);
  });
});

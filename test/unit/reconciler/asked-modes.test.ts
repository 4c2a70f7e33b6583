import assert from 'node:assert/strict';
import { fitting } from '../../../src/run/fitting-settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { givenFlags, modeOf, modesWithChanges, modeNotes, usualWorkers } from '../../../src/cli/modes.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

describe('the modes that a call asks for', () => {
  it('may be versions; what stands for one that is not listed is said', () => {
    assert.equal(modeOf({ mode: '0.13.0' }), '0.13.0');
    const lacks = '#4289, #4299, #4305, #4320, #4324, #4332 and #4340';
    assert.equal(modeNotes({ mode: '0.13.0' }, []), `0.13.0 is run as 0.13.1 without what it lacks of it: ${lacks}.\n`);
    assert.equal(
      modeNotes({ modes: 'v0.10.1,0.14.2,latest,v0.13.1,0.9.2', baseline: '0.12.0' }, []),
      [
        'v0.10.1 is run as new, which does the same.\n',
        '0.9.2 is run as 0.9.3, the nearest of the modes.\n',
        '0.12.0 is run as 0.12.1 without what it lacks of it: #4142 and #4152.\n',
      ].join(''),
    );
    for (const [name, id] of [
      ['Latest', 'latest'],
      ['OLD', 'old'],
      ['LATEST', 'latest'],
    ] as const) {
      assert.equal(modeOf({ mode: name }), id);
      assert.equal(modeNotes({ mode: name }, []), '');
    }
    assert.equal(modeOf({ mode: '0.14' }), '0.14.2');
    assert.equal(modeNotes({ mode: '0.14' }, []), '0.14 is run as 0.14.2.\n');
    assert.equal(modeOf({ mode: '0.14+4669' }), '0.14.2+4669');
    assert.match(modeNotes({ mode: '0.13.0-4239' }, []), /^0\.13\.0 is run as 0\.13\.1 without /);
    assert.equal(modeNotes({ mode: '0.14.2-4390' }, []), '');
    assert.equal(modeNotes({}, []), '');
  });

  it('that have no flag for the limiter of work queues are named where it is given', () => {
    const values = { 'workqueue-rate-limiter': 'typed_rate_limiter' };
    assert.equal(
      modeNotes(values, ['old', '0.14.0', '0.14.2', '0.14.2-4390', 'latest']),
      'ARC has --workqueue-rate-limiter from 0.14.2 on; old and 0.14.0 run with it all the same.\n',
    );
    assert.equal(modeNotes(values, ['0.14.2']), '');
  });

  it('differ: two names of one release are no comparison', () => {
    const refused = (modes: string[], message: RegExp, values = {}): void =>
      assert.throws(() => modesWithChanges(modes, values, RELEASES), { message });
    refused(['0.9', '0.9.3'], /^0\.9 and 0\.9\.3 are the same release here, 0\.9\.3: leave one of them out$/);
    refused(['old', '0.10.1', '0.10.0'], /^0\.10\.1 and 0\.10\.0 are the same release here, new: leave/);
    refused(['old', 'new', 'old'], /^--modes names old twice: leave one of them out$/);
    refused(['new', '0.10.1'], /^new and 0\.10\.1 are the same release here, new: leave/);
    refused(
      ['0.12.0', '0.12.1-4142-4152'],
      /^0\.12\.0 and 0\.12\.1-4142-4152 are the same release here, 0\.12\.1: leave/,
    );
    refused(['0.14.2', '0.14.2-4390'], /^0\.14\.2-4390 is named in --modes, and --with and --without make it too/, {
      without: '4390',
    });
    const contradiction = /^--with 4626 and --without 4626 contradict each other: leave one of them out$/;
    refused(['0.13.1', '0.14.2'], contradiction, { with: '4626', without: '4390,4626' });
    assert.throws(() => modeOf({ mode: '0.14.2', with: '4626', without: '4626' }), { message: contradiction });
    refused(['both'], /^both is no mode; without --modes, old and new are compared$/);
  });

  it('are one in a run: several, or both, belong to a comparison, which is named', () => {
    assert.throws(
      () => modeOf({ mode: '0.9.3,new' }),
      /--mode takes one mode; arc-lab compare --modes 0\.9\.3,new runs/,
    );
    assert.throws(() => modeOf({ mode: 'both' }), /--mode takes one mode; arc-lab compare --modes old,new runs/);
  });

  it('get single pull requests on top: a run has its mode changed, a comparison has each beside itself', () => {
    assert.equal(modeOf({ mode: '0.14.2', without: '#4390, 4457' }), '0.14.2-4390-4457');
    assert.equal(modeOf({ with: '4142', without: '3848' }), 'new+4142-3848');
    assert.deepEqual(modesWithChanges(['0.12.1', '0.13.1', '0.14.2'], { without: '4390' }, RELEASES), [
      '0.12.1',
      '0.13.1',
      '0.14.2',
      '0.14.2-4390',
    ]);
    assert.deepEqual(modesWithChanges(['0.11.0', '0.12.1'], { with: '4142' }, RELEASES), [
      '0.11.0',
      '0.11.0+4142',
      '0.12.1',
    ]);
  });

  it('overrule, where a flag is given, the default that a pull request sets, and it is said', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'latest+4626+4670+4673' };
    const run = (values: Record<string, string>): readonly number[] => {
      const numbers = Object.fromEntries(Object.entries(values).map(([flag, text]) => [flag, Number(text)]));
      const { workers, qps, burst } = fitting({ ...settings, ...numbers, ...givenFlags([settings.mode], values) });
      return [workers, qps, burst];
    };
    assert.deepEqual(run({}), [4, 100, 200]);
    assert.deepEqual(run({ workers: '1' }), [1, 100, 200]);
    assert.deepEqual(run({ workers: '2', qps: '20' }), [2, 20, 200], 'also where that is what other releases have');
    assert.equal(
      modeNotes({ workers: '2', qps: '100' }, ['latest', settings.mode]),
      'latest+4626+4670+4673 has --workers 4 by default; --workers 2 overrides it.\n',
    );
    assert.equal(modeNotes({ workers: '2' }, ['latest']), '');
    assert.equal(modeNotes({}, [settings.mode]), '');
  });

  it('have one worker where a release has no flag for more', () => {
    assert.equal(usualWorkers(['0.9.3']), 1);
    assert.equal(usualWorkers(['0.9.3', 'new']), 1);
    assert.equal(usualWorkers(['old', 'new']), 2);
  });

  it('keep the fixed limit of their client where a release has no flags for it', () => {
    const limitOf = (mode: string): readonly number[] => {
      const { qps, burst } = fitting({ ...DEFAULT_SETTINGS, mode, qps: 80, burst: 100 });
      return [qps, burst];
    };
    assert.deepEqual(['0.9.3', 'old', 'new', 'latest'].map(limitOf), [
      [20, 30],
      [80, 100],
      [80, 100],
      [80, 100],
    ]);
  });
});

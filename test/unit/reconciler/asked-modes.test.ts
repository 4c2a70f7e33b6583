import assert from 'node:assert/strict';
import { modeOf, modesWithChanges, standInText, usualWorkers } from '../../../src/cli/modes.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

describe('the modes that a call asks for', () => {
  it('may be versions; what stands for one that is not listed is said', () => {
    assert.equal(modeOf({ mode: '0.13.0' }), '0.13.1');
    assert.match(
      standInText({ mode: '0.13.0' }),
      /^0\.13\.0 is not among the modes; 0\.13\.1, the nearest, stands for it\.$/m,
    );
    assert.equal(standInText({ modes: 'v0.10.1,0.14.2,latest' }), 'v0.10.1 is called new here.\n');
    assert.equal(standInText({ mode: '0.14.2-4390' }), '');
    assert.equal(standInText({}), '');
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

  it('have one worker where a release has no flag for more', () => {
    assert.equal(usualWorkers(['0.9.3']), 1);
    assert.equal(usualWorkers(['0.9.3', 'new']), 1);
    assert.equal(usualWorkers(['old', 'new']), 2);
  });
});

import assert from 'node:assert/strict';
import { parseCommand } from '../../../src/debug-adapter/commands.ts';
import { Debugger } from '../../../src/debug/debugger.ts';
import type { Edit } from '../../../src/debug/edits.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

const settings = { ...DEFAULT_SETTINGS, mode: '0.14.2', runners: 2 };
const waiter = { signal: new AbortController().signal };

function slower(moment: number): Edit {
  return { kind: 'conditions', moment, change: { jitLatencyUs: 300_000 + moment } };
}

async function changed(debugging: Debugger, moment: number): Promise<void> {
  debugging.goTo(moment);
  assert.ok(await debugging.edit(slower(moment), waiter));
}

function kept(debugging: Debugger): readonly boolean[] {
  return debugging.futures.map((each) => each !== undefined);
}

describe('futures of a debugged run', () => {
  it('are all kept while memory has room', async () => {
    const debugging = Debugger.simulate(settings);
    for (const moment of [10, 8, 6]) await changed(debugging, moment);
    assert.deepEqual(kept(debugging), [true, true, true, true]);
  });

  it('make room for later ones, the oldest first, and their numbers stay', async () => {
    const { length } = Debugger.simulate(settings).recording.moments;
    const debugging = Debugger.simulate(settings, {}, 3.5 * length);
    // Each is without the change of the one before it, which is of a later moment.
    for (const moment of [10, 8, 6, 4]) await changed(debugging, moment);
    assert.deepEqual(kept(debugging), [true, false, false, true, true]);
    assert.equal(debugging.current, 4);
    assert.deepEqual(parseCommand('future 1', debugging), {
      kind: 'say',
      text: 'Future 1 had to make room in memory for later ones: make its change again.',
    });
    assert.deepEqual(parseCommand('future 3', debugging), { kind: 'future', future: 3 });
    debugging.take(1);
    assert.equal(debugging.current, 4, 'it stays where it is');
  });

  it('stay where the one that is debugged came of them', async () => {
    const debugging = Debugger.simulate(settings, {}, 1);
    for (const moment of [4, 6, 8]) await changed(debugging, moment);
    assert.deepEqual(kept(debugging), [true, true, true, true]);
    debugging.take(0);
    await changed(debugging, 5);
    assert.deepEqual(kept(debugging), [true, false, false, false, true]);
  });
});

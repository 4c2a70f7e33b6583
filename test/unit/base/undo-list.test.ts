import assert from 'node:assert/strict';
import { UndoList } from '../../../src/base/undo-list.ts';

describe('the list of undos', () => {
  it('undoes the last step first, and each step once', async () => {
    const list = new UndoList();
    const undone: string[] = [];
    list.defer(() => void undone.push('first'));
    list.defer(async () => void undone.push('second'));
    await Promise.all([list.undo(), list.undo()]);
    assert.deepEqual(undone, ['second', 'first']);
  });

  it('undoes everything whichever undo fails, and then throws the first failure', async () => {
    for (let failing = 0; failing < 3; failing++) {
      const list = new UndoList();
      const undone: number[] = [];
      for (let step = 0; step < 3; step++) {
        list.defer(async () => {
          undone.push(step);
          if (step === failing) throw new Error(`step ${step} cannot be undone`);
        });
      }
      await assert.rejects(list.undo(), { message: `step ${failing} cannot be undone` });
      assert.deepEqual(undone, [2, 1, 0]);
    }
  });
});

import assert from 'node:assert/strict';
import { fileNameOf } from '../../../src/extension/file-name.ts';

describe('the name that a saved timeline is given', () => {
  const at = new Date(2026, 10, 26, 9, 5);

  it('says modes, run, date and time', () => {
    const run = { name: 'embedded 3' };
    assert.equal(
      fileNameOf(
        [
          { ...run, mode: 'old' },
          { ...run, mode: 'new' },
        ],
        at,
      ),
      'old-new-embedded-3-2026-11-26-0905',
    );
    assert.equal(fileNameOf([{ mode: 'new', name: 'saved.arctrace.jsonl' }], at), 'new-saved-2026-11-26-0905');
  });

  it('is a name on every file system, whatever a context is called', () => {
    const names = [
      'arn:aws:eks:eu-1:1:cluster/prod',
      '../../etc/passwd',
      'CON',
      'größe 7',
      '\u202e<b>',
      'x'.repeat(500),
    ];
    for (const name of names) {
      const file = fileNameOf([{ mode: 'new', name }], at);
      assert.match(file, /^new-[\p{L}\p{N}-]+$/u, name);
      assert.ok(file.length <= 120, name);
    }
  });
});

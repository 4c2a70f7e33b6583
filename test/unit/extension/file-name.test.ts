import assert from 'node:assert/strict';
import { fileNameOf, namesOfFiles } from '../../../src/extension/file-name.ts';

describe('the names of traces that are opened together', () => {
  const modes = ['old', 'new'];

  it('are those of their runs where files were saved here, and of the files where that tells them apart better', () => {
    const saved = '/w/old-new-embedded-7-2026-11-26-0905.arctrace.jsonl';
    assert.deepEqual(namesOfFiles([saved, '/w/mine.jsonl'], modes), ['embedded 7', 'mine']);
    assert.deepEqual(namesOfFiles([saved, '/w/old-embedded-7-2026-11-26-0906.arctrace.jsonl'], modes), [
      'old-new-embedded-7-2026-11-26-0905',
      'old-embedded-7-2026-11-26-0906',
    ]);
  });

  it('differ, whatever the folders of the files are', () => {
    const names = namesOfFiles(['/a/x.arctrace.jsonl', '/b/x.arctrace.jsonl', '/c/x.jsonl'], modes);
    assert.equal(new Set(names).size, 3, names.join());
  });
});

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

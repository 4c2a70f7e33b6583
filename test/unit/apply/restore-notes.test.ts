import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotesUnreadableError, RestoreNotes } from '../../../src/apply/restore-notes.ts';
import { inFolder } from '../../builders/arc-lab.ts';

const NOTE = {
  ...{ server: 'https://cluster.example', context: 'prod', namespace: 'arc-systems', name: 'arc' },
  ...{ replicas: 2, by: 'anna', at: '2026-01-01T00:00:00.000Z' },
};

describe('notes of controllers that were scaled to zero', () => {
  it('are none where there is no folder yet, and are not confused with other files', () =>
    inFolder(async (folder) => {
      const notes = new RestoreNotes(join(folder, 'notes'));
      assert.deepEqual(notes.all(), []);
      notes.add(NOTE);
      writeFileSync(join(folder, 'notes', 'other.json'), '{"name": 1}');
      writeFileSync(join(folder, 'notes', 'half.json'), '{"na');
      mkdirSync(join(folder, 'notes', 'folder'));
      assert.deepEqual(notes.all(), [NOTE]);
    }));

  it('that cannot be read are an error that says what to do, and not nothing to restore', () =>
    inFolder(async (folder) => {
      // A file where the folder should be, and a folder where a note should be, fail for every user, root included.
      const path = join(folder, 'notes');
      writeFileSync(path, '');
      const unreadable = {
        name: NotesUnreadableError.name,
        message: /cannot be read: .*; it may name ARC controllers.*arc-lab restore/,
      };
      assert.throws(() => new RestoreNotes(path).all(), unreadable);
      mkdirSync(join(folder, 'others', 'a.json'), { recursive: true });
      assert.throws(() => new RestoreNotes(join(folder, 'others')).all(), unreadable);
    }));
});

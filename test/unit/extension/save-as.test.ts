import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { person, Uri, type ShownItem } from '../../builders/vscode/interface.ts';
import { EXPORTERS } from '../../../src/export/exporters.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import type { App } from '../../../src/extension/app.ts';

const { exportRun } = await import('../../../src/extension/commands/save-as.ts');
const { traceSource } = await import('../../../src/extension/run.ts');

/** A window that has one timeline, of a trace, in front. */
function withTimeline(): App {
  const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'new' });
  const timeline = { sources: [traceSource('a', 'a.arctrace.jsonl', trace)] };
  return { activeTimeline: () => timeline } as unknown as App;
}

const file = Uri.file('/folder/out') as never;

describe('Export Run', () => {
  afterEach(() => {
    person.chooses = () => undefined;
    person.written.clear();
  });

  for (const { id, kind, begins } of EXPORTERS) {
    it(`offers every format and writes ${id} where that is chosen`, async () => {
      let offered: readonly ShownItem[] = [];
      person.chooses = (items) => (offered = items).find(({ label }) => label === kind());
      await exportRun(withTimeline(), undefined, undefined, file);
      assert.deepEqual(
        offered.map(({ label }) => label),
        EXPORTERS.map((exporter) => exporter.kind()),
      );
      assert.match(person.written.get('/folder/out') ?? '', begins);
    });
  }

  it('takes the format from a key binding, and refuses one that is not there in a sentence', async () => {
    await exportRun(withTimeline(), undefined, 'csv', file);
    assert.match(person.written.get('/folder/out') ?? '', /^mode,runner,/);
    await assert.rejects(exportRun(withTimeline(), undefined, 'xls', file), /There is no format called xls\./);
  });

  it('writes nothing when the question is left', async () => {
    await exportRun(withTimeline(), undefined, undefined, file);
    assert.equal(person.written.size, 0);
  });
});

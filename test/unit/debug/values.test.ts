import assert from 'node:assert/strict';
import { expressionAt, inCel } from '../../../src/debug-adapter/source-expression.ts';
import { NAMES } from '../../../src/debug/expression-names.ts';
import { contextAt, objectsAt, requestAt, toldAt } from '../../../src/debug/facts.ts';
import type { Moment } from '../../../src/debug/moments.ts';
import { record, type Recording } from '../../../src/debug/recording.ts';
import { valuesAt } from '../../../src/debug/values.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

function recorded(mode: string): Recording {
  return record({ ...DEFAULT_SETTINGS, mode, runners: 2, podStartUs: 1_000_000, jobDurationUs: 1_000_000 });
}

/** All moments of a recording. */
function momentsOf({ moments }: Recording): readonly Moment[] {
  return Array.from({ length: moments.length }, (_, moment) => moment);
}

function find(recording: Recording, what: string, isThere: (moment: Moment) => boolean): Moment {
  const moment = momentsOf(recording).find(isThere);
  assert.ok(moment !== undefined, `no moment ${what}`);
  return moment;
}

/** What is marked with `|` in a line, at which the pointer is. */
function at(marked: string): string | undefined {
  const line = marked.replace('|', '');
  const found = expressionAt(line, marked.indexOf('|'));
  return found && line.slice(found.start, found.end);
}

describe('values in the source while a pass stands in it', () => {
  it('are what the pass knows, what it asks for and what it will be answered', () => {
    const recording = recorded('new');
    const moment = find(recording, 'makes a pod', (each) => {
      const request = requestAt(recording, each);
      return request?.verb === 'create' && request.resource === 'pods';
    });
    const text = valuesAt(recording, moment, moment).join(' · ');
    assert.match(
      text,
      /^phase = create-pod · request = create pods runner-\d · answer = 201 after \S+ ms · runner = runner-\d(, Pending)? · pod = not there$/,
    );
  });

  it('say how a pass ended', () => {
    const recording = recorded('old');
    const end = find(recording, 'ends with a requeue', (each) => recording.moments.outcome(each)?.kind === 'requeue');
    assert.match(valuesAt(recording, end, end).join(' · '), /result = requeue · runner = runner-\d/);
  });

  it('hold no credential, in any release', () => {
    for (const { id } of RELEASES.all) {
      const recording = recorded(id);
      for (const moment of momentsOf(recording)) {
        const text = valuesAt(recording, moment, moment).join(' · ');
        assert.equal(recording.secrets.redact(text), text, `${id}: a credential is shown`);
        assert.ok(text.length < 300, `${id}: too long to be read behind a line: ${text}`);
      }
    }
  });

  it('are of what the pass was last told, which its cache may not have yet', () => {
    const recording = recorded('new');
    const moment = find(recording, 'knows more than its cache', (each) => {
      const told = toldAt(recording, each, 'runner')?.object;
      const cached = objectsAt(recording, each).get('runner')?.cached;
      return told !== undefined && told.metadata.resourceVersion !== cached?.metadata.resourceVersion;
    });
    const { runner } = contextAt(recording, moment) as { readonly runner: { metadata: { resourceVersion: string } } };
    const told = toldAt(recording, moment, 'runner')?.object?.metadata.resourceVersion;
    assert.equal(runner.metadata.resourceVersion, told);
  });
});

describe('the expression under the pointer in the source', () => {
  it('is the member chain up to the word, as expressions name it', () => {
    assert.equal(at('  if (ru|nner.metadata.name === key)'), 'runner');
    assert.equal(at('  if (runner.meta|data.name === key)'), 'runner.metadata');
    assert.equal(at('    runnerId: runner.status?.runner|Id,'), 'runner.status?.runnerId');
    assert.equal(at('  yield pha|se("create-pod");'), 'phase');
    assert.equal(inCel('runner.status?.runnerId'), 'runner.status.runnerId');
    assert.equal(inCel('pod.metadata.labels!.name'), 'pod.metadata.labels.name');
  });

  it('is none where the first name means nothing to expressions', () => {
    for (const line of [
      'const sp|ec = podFor(runner)',
      'seen.met|adata',
      '(error as Error).mess|age',
      'x.run|ner',
      ' | ',
    ]) {
      assert.equal(at(line), undefined, line);
    }
  });

  it('begins with a name that expressions know', () => {
    assert.deepEqual([...NAMES].sort(), Object.keys(contextAt(recorded('new'), 0)).sort());
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { explain, type Explanation } from '../../../src/evidence/explain.ts';
import { inputsOf } from '../../../src/evidence/inputs.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { inFolder } from '../../builders/arc-lab.ts';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const LOG = [0, 30, 60]
  .map((seconds) => runnerLine(at(seconds), 'lark-1', 'Runner is not finished yet, retrying in 30s'))
  .join('\n');
const REFUSED = /refused to remove lark-1 3 times/;

async function explainNamed(...names: readonly string[]): Promise<Explanation> {
  return explain(await readEvidence(await inputsOf(names)));
}

function textOf(explanation: Explanation): string {
  return whyText(explanation, unfitted(explanation.reading), {
    ...{ runner: undefined, isAll: false, isUnknownListed: false },
  });
}

describe('a file of no use beside a log', () => {
  const useless: [what: string, name: string, bytes: string | Uint8Array, says: RegExp][] = [
    ['text', 'notes.txt', 'hello\nworld\n', /none of its 2 lines is known/],
    ['an empty file', 'empty.log', '', /it is empty$/m],
    ['a broken dump', 'dump.yaml', 'apiVersion: v1\nitems: [\n', /it cannot be read: /],
    ['a dump of other objects', 'map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', /1 ConfigMap/],
    ['a table', 'runners.txt', 'NAME     STATUS    AGE\nlark-1   Running   5m\n', /a table of kubectl get/],
    ['a description', 'pod.txt', 'Name:         lark-1\nNamespace:    ci\n', /what kubectl describe printed/],
    ['a zip archive', 'logs.zip', Buffer.from('504b0304140000000800', 'hex'), /a zip archive; unpack it/],
    ['a file packed with zstd', 'log.zst', Buffer.from('28b52ffd2400010000', 'hex'), /zstd -d/],
    ['a picture', 'screen.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /lines? is known/],
  ];
  for (const [what, name, bytes, says] of useless) {
    it(`is named, and the log is answered from: ${what}`, () =>
      inFolder(async (folder) => {
        writeFileSync(join(folder, 'controller.log'), LOG);
        writeFileSync(join(folder, name), bytes);
        for (const names of [
          [join(folder, 'controller.log'), join(folder, name)],
          [join(folder, name), join(folder, 'controller.log')],
        ]) {
          const explanation = await explainNamed(...names);
          assert.match(explanation.verdict, REFUSED);
          const line = textOf(explanation)
            .split('\n')
            .find((each) => each.startsWith(`not used: ${join(folder, name)}, `));
          assert.match(line ?? '', says);
        }
      }));
  }

  it('is named where it is not there', () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, 'controller.log'), LOG);
      const text = textOf(await explainNamed(join(folder, 'controller.log'), join(folder, 'missing.log')));
      assert.match(text, REFUSED);
      assert.match(text, /^not used: .*missing\.log, it cannot be read: there is no such file$/m);
    }));

  it('is why there is no answer where no other is of use', () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.txt'), 'hello\n');
      writeFileSync(join(folder, 'b.zip'), Buffer.from('504b0304140000000800', 'hex'));
      await assert.rejects(
        explainNamed(join(folder, 'a.txt'), join(folder, 'b.zip')),
        /^EvidenceError: .*b\.zip cannot be read: it is a zip archive; unpack it and give the folder$/,
      );
    }));
});

describe('a folder of a dump', () => {
  function fill(folder: string): void {
    mkdirSync(join(folder, 'dump', 'objects'), { recursive: true });
    writeFileSync(join(folder, 'dump', 'controller.log.gz'), gzipSync(LOG));
    writeFileSync(join(folder, 'dump', 'notes.txt'), 'hello\n');
    writeFileSync(join(folder, 'dump', '.DS_Store'), 'x');
    const long = `${'a-name-that-is-longer-than-a-hundred-characters-'.repeat(3)}.yaml`;
    writeFileSync(
      join(folder, 'dump', 'objects', long),
      'apiVersion: actions.github.com/v1alpha1\nkind: EphemeralRunner\nmetadata: {name: lark-2, namespace: ci}\nstatus: {phase: Running}\n',
    );
  }

  function check({ verdict, runners, files }: Explanation): void {
    assert.match(verdict, REFUSED);
    assert.deepEqual(runners.map(({ name }) => name).sort(), ['lark-1', 'lark-2']);
    assert.equal(files.length, 3);
  }

  it('is read with all that is in it', () =>
    inFolder(async (folder) => {
      fill(folder);
      check(await explainNamed(join(folder, 'dump')));
    }));

  for (const [what, options, name] of [
    ['packed as .tar.gz', '-czf', 'dump.tar.gz'],
    ['as .tar', '-cf', 'dump.tar'],
    ['as .tar in the format of POSIX', '--format=pax -cf', 'dump.tar'],
  ] as const) {
    it(`is read ${what}`, () =>
      inFolder(async (folder) => {
        fill(folder);
        execFileSync('tar', [...options.split(' '), join(folder, name), '-C', folder, 'dump']);
        check(await explainNamed(join(folder, name)));
      }));
  }

  it('is refused in one sentence where it has no files, or too many', () =>
    inFolder(async (folder) => {
      await assert.rejects(explainNamed(folder), /^EvidenceError: \S+ cannot be read: it is a folder without files$/);
      for (let index = 0; index <= 500; index++) writeFileSync(join(folder, `${index}.log`), '');
      await assert.rejects(explainNamed(folder), /it holds 501 files; name the logs among them$/);
    }));
});

describe('objects of kubectl', () => {
  const runner = {
    ...{ apiVersion: 'actions.github.com/v1alpha1', kind: 'EphemeralRunner' },
    metadata: { name: 'lark-1', namespace: 'ci', creationTimestamp: '2026-03-02T12:00:00Z' },
    status: { phase: 'Running', runnerId: 7 },
  };
  const event = {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'lark-1.1', namespace: 'ci' }, type: 'Warning' },
    involvedObject: { kind: 'Pod', name: 'lark-1', namespace: 'ci' },
    ...{ reason: 'FailedScheduling', message: '0/9 nodes are available', lastTimestamp: '2026-03-02T12:09:00Z' },
  };
  const { involvedObject, message, ...rest } = event;
  const newer = { ...rest, apiVersion: 'events.k8s.io/v1', regarding: involvedObject, note: message };
  const one = (value: unknown): string => JSON.stringify(value);
  const many = (value: unknown): string => JSON.stringify(value, null, 2);
  const list = { apiVersion: 'v1', kind: 'List', items: [runner, event] };
  const cases: [what: string, text: string][] = [
    ['an object a line, as jq -c prints them', `${one(runner)}\n${one(event)}\n`],
    ['objects one after the other, as jq prints them', `${many(runner)}\n${many(event)}\n`],
    ['an array, in one line', one([runner, event])],
    ['an array, over several lines', many([runner, event])],
    ['a list, in one line', one(list)],
    ['a list with its kind first', one({ kind: 'List', apiVersion: 'v1', metadata: {}, items: list.items })],
    ['two lists', `${many({ ...list, items: [runner] })}\n${many({ ...list, items: [event] })}\n`],
    ['several documents of YAML', `${many(runner)}\n---\n${many(event)}\n`],
    ['what a watch prints', `${one({ type: 'ADDED', object: runner })}\n${one({ type: 'ADDED', object: event })}\n`],
    ['with the call before it', `$ kubectl get ephemeralrunners,events -o json\n${many(list)}\n`],
    ['in the fence of an issue', `\`\`\`json\n${many(list)}\n\`\`\`\n`],
    ['behind a warning', `Warning: v1 ComponentStatus is deprecated\n${many(list)}\n`],
    ['with events of the newer group', many({ ...list, items: [runner, newer] })],
    ['with Windows line ends', many(list).replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${many(list)}`],
  ];
  for (const [what, text] of cases) {
    it(`are read: ${what}`, async () => {
      const { runners, findings } = await explainText(text, 'dump.json');
      assert.deepEqual(
        runners.map(({ name }) => name),
        ['lark-1'],
      );
      assert.ok(
        findings.some(({ sentence }) => sentence.includes('FailedScheduling')),
        findings.map(({ sentence }) => sentence).join('\n'),
      );
    });
  }

  it('are read in UTF-16, as PowerShell writes them', async () => {
    const text = Buffer.from(`\ufeff${many(list).replaceAll('\n', '\r\n')}`, 'utf16le');
    assert.equal((await explainText(text, 'dump.json')).runners.length, 1);
  });

  it('are read out of a list whose kind stands for that of its items', async () => {
    const items = [{ metadata: runner.metadata, status: runner.status }];
    const typed = { apiVersion: runner.apiVersion, kind: 'EphemeralRunnerList', metadata: {}, items };
    assert.equal((await explainText(one(typed))).runners[0]?.name, 'lark-1');
  });

  it('that were deleted while somebody watched are not there', async () => {
    const text = `${one({ type: 'ADDED', object: event })}\n${one({ type: 'DELETED', object: runner })}\n`;
    assert.equal((await explainText(text)).runners.length, 0);
  });

  it('alone, as events, name the pod that waits', async () => {
    const involvedObject = { ...event.involvedObject, name: 'lark-runner-1' };
    const { verdict } = await explainText(one({ ...event, involvedObject }));
    assert.match(verdict, /^lark-runner-1: .*FailedScheduling/);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFiles } from '../../../src/upgrade/check-target.ts';
import { inFolder } from '../../builders/arc-lab.ts';
import { controller, runner } from '../../builders/upgrade-objects.ts';

const OBJECTS = [controller('0.11.0'), runner('a', { failures: { 'uid-1': true } })];
const LIST = { apiVersion: 'v1', kind: 'List', items: OBJECTS };
const many = JSON.stringify(LIST, null, 2);
const lists = OBJECTS.map(({ kind, apiVersion, ...item }) => ({ apiVersion, kind: `${kind}List`, items: [item] }));

describe('a dump of a cluster', () => {
  const forms: [what: string, bytes: string | Uint8Array][] = [
    ['as a list, in one line', JSON.stringify(LIST)],
    ['an object a line, as jq -c prints it', OBJECTS.map((object) => JSON.stringify(object)).join('\n')],
    ['as an array', JSON.stringify(OBJECTS)],
    ['as lists of one kind', lists.map((list) => JSON.stringify(list)).join('\n')],
    ['in UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${many.replaceAll('\n', '\r\n')}`, 'utf16le')],
    ['with a byte order mark', `\ufeff${many}`],
    ['behind the call', `$ kubectl get ephemeralrunners,deployments -A -o json\n${many}`],
    ['in the fence of an issue', `\`\`\`json\n${many}\n\`\`\`\n`],
  ];
  for (const [what, bytes] of forms) {
    it(`is read ${what}`, () =>
      inFolder(async (folder) => {
        const file = join(folder, 'dump');
        writeFileSync(file, bytes);
        const { hazards, from } = await checkFiles([file], { to: '0.12.1', from: undefined });
        assert.deepEqual([from, hazards.map(({ id }) => id)], ['0.11.0', ['failures-type']]);
      }));
  }

  it('is read out of a folder, in which logs and notes are passed over and a broken dump is not', () =>
    inFolder(async (folder) => {
      const dump = join(folder, 'dump');
      mkdirSync(dump);
      OBJECTS.forEach((object, index) => writeFileSync(join(dump, `${index}.json`), JSON.stringify(object)));
      writeFileSync(join(dump, 'controller.log'), '2026-03-02T12:00:00Z\tINFO\tsetup\tstarting manager\n');
      const { hazards } = await checkFiles([dump], { to: '0.12.1', from: undefined });
      assert.equal(hazards.length, 1);
      writeFileSync(join(dump, 'broken.yaml'), 'apiVersion: v1\nitems: [\n');
      await assert.rejects(
        checkFiles([dump], { to: '0.12.1', from: undefined }),
        /^EvidenceError: \S+broken\.yaml cannot be read: /,
      );
    }));

  it('is read with objects of others in it, whatever their fields are', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'dump.json');
      const other = {
        apiVersion: 'example.com/v1',
        kind: 'Thing',
        metadata: { name: 'a' },
        spec: { template: 'text' },
      };
      writeFileSync(file, JSON.stringify({ ...LIST, items: [other, ...OBJECTS] }));
      const { hazards } = await checkFiles([file], { to: '0.12.1', from: undefined });
      assert.equal(hazards.length, 1);
    }));
});

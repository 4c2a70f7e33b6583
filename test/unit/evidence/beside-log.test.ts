import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

describe('lines around a log that are none of it', () => {
  const beside = [
    ...['token: |', '  hunter2two', 'pass: hunter2two', '- name: NPM_TOKEN', "  value: 'hunter2two'"],
    ...['args:', '- --password', '- hunter2two', 'password: >-', '  hunter2two', 'license: hunter2two'],
    ...[
      '$ export ANYTHING=hunter2two',
      '$env:THING = "hunter2two"',
      'set THING=hunter2two',
      '"any.key": "hunter2two",',
    ],
  ];

  it('are listed without the values of keys and lists', async () => {
    const log = runnerLine(at(0), 'lark-1', 'Adding finalizers');
    const { files } = await explainText(
      [...beside, log, 'containerMode: kubernetes', 'It fails since Monday, see above.'].join('\n'),
    );
    const texts = files.flatMap(({ unknownLines }) => unknownLines.map(({ text }) => text));
    assert.ok(texts.length >= beside.length, texts.join('\n'));
    assert.ok(!texts.join('\n').includes('hunter2'), texts.join('\n'));
    for (const shown of ['- name: NPM_TOKEN', 'containerMode: kubernetes', 'It fails since Monday, see above.'])
      assert.ok(texts.includes(shown), `${shown} in\n${texts.join('\n')}`);
  });
});

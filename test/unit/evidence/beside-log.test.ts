import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

/** What stands beside the log in an issue; each hunter is a credential. */
const BESIDE = `stringData:
  token: |
    hunterone
apiKey: huntertwo
auth:
  username: bob
  pass: hunterthree
webhook_secret: hunterfour
SLACK_WEBHOOK: hunterfive
env:
- name: NPM_TOKEN
  value: huntersix
- {name: API_KEY, value: hunterseven}
- value: huntereight
  name: GH_PAT
args: ["--token", "hunternine"]
args:
- --password
- hunterten
- --verbose
- shown-one
password: >-
  huntereleven

  huntertwelve
ssh_key: hunterthirteen
creds: hunterfourteen
encoded_jit_config: hunterfifteen
"signing_key": "huntersixteen"
$ export GITHUB_PAT=hunterseventeen
$ kubectl create secret generic x --from-literal=foo=huntereighteen
$ helm install --set-string auth.pass=hunternineteen --set replicas=shown-two
$ echo 'huntertwenty' | docker login ghcr.io -u bob --password-stdin
$env:GITHUB_TOKEN = "hunter-and-one"
set GITHUB_TOKEN=hunter-and-two
replicas: shown-three
the set shown-four failed: no such file
error: shown-five`;

describe('lines of manifests and shells beside a log', () => {
  it('are listed as not understood without what their names announce, and with all else', async () => {
    const { files } = await explainText([BESIDE, runnerLine(at(0), 'lark-1', 'x')].join('\n'));
    const listed = files[0]?.unknownLines.map(({ text }) => text) ?? [];
    assert.deepEqual(
      listed.filter((text) => text.includes('hunter')),
      [],
    );
    for (const shown of [
      'shown-one',
      'shown-two',
      'shown-three',
      'shown-four',
      'shown-five',
      'stringData:',
      'SLACK_WEBHOOK:',
      '- --password',
    ]) {
      assert.ok(
        listed.some((text) => text.includes(shown)),
        `${shown} is not in:\n${listed.join('\n')}`,
      );
    }
  });
});

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

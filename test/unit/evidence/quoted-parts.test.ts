import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';
import { documentsQuoted } from '../../../src/evidence/pieces.ts';

const OBJECT = `apiVersion: actions.github.com/v1alpha1
kind: EphemeralRunner
metadata:
  name: lark-1
  namespace: ci
status:
  phase: Failed
  reason: TooManyPodFailures`;
const RECORD = JSON.stringify(
  {
    severity: 'error',
    ts: '2026-03-02T12:00:00Z',
    message: 'Reconciler error',
    controller: 'autoscalinglistener',
    AutoscalingListener: { name: 'lark-listener', namespace: 'arc' },
    namespace: 'arc',
    name: 'lark-listener',
    error: 'roles.rbac.authorization.k8s.io is forbidden: User "arc" cannot create resource "roles"',
  },
  undefined,
  2,
);
const refused = (name: string): string =>
  runnerLine(at(0), name, 'Failed to create a pod', { error: `pods "${name}" is forbidden: no` }, 'ERROR');

describe('an issue that quotes several things', () => {
  it('has each of its fenced parts read as what it is, with the lines of the file', async () => {
    const issue = ['Hello,', '', '```yaml', OBJECT, '```', 'and the log:', '```', refused('lark-2'), '```', 'Thanks'];
    const { findings, files } = await explainText(issue.join('\n'));
    const lines = findings.map(({ runners, evidence }) => [runners[0], evidence[0]?.at.line]);
    assert.deepEqual(new Map(lines as [string, number][]), new Map([['lark-1', 10], ['lark-2', 15]])); // prettier-ignore
    assert.equal(files[0]?.lines, 17);
    assert.equal(files[0].unknown, 3, 'only the words around are not understood');
  });

  it('may have a record of the log over several lines', async () => {
    const { verdict } = await explainText(`It fails:\n\n\`\`\`json\n${RECORD}\n\`\`\`\n`);
    assert.match(verdict, /^Passes of AutoscalingListener arc\/lark-listener failed once: .*cannot create/);
  });

  it('may have its parts within a list, and one that is not closed', async () => {
    const inner = OBJECT.replaceAll(/^/gm, '   ');
    const { findings } = await explainText(`1. the runner\n   \`\`\`yaml\n${inner}`);
    assert.deepEqual(findings[0]?.runners, ['lark-1']);
  });

  it('says which part cannot be read, and reads the others', async () => {
    const issue = ['```yaml', OBJECT, '  broken: [', '```', 'and', '```', refused('lark-2'), '```'];
    const { verdict, files } = await explainText(issue.join('\n'));
    assert.match(verdict, /lark-2/);
    assert.match(files[0]?.problems.join() ?? '', /^it cannot be read/);
  });

  it('is no reason to take a document with a fence in one of its texts apart', () => {
    const document = `${OBJECT}\n  message: |\n    try\n    \`\`\`\n    this\n    \`\`\``;
    assert.deepEqual(documentsQuoted(document), [document]);
  });

  it('may have a line within a sentence, as code, and behind the sign of a quotation', async () => {
    const line = '2026/03/02 12:00:00 Application returned an error: createSession failed: no such host';
    for (const text of [`Since Monday we see this: \`${line}\` every day`, `> ${line}`]) {
      const { verdict } = await explainText(text);
      assert.match(verdict, /^The listener reported an error once: .*no such host/, text);
    }
  });
});

describe('what a runner writes for people', () => {
  it('is read, and tells nothing of why it came late where all went well', async () => {
    const lines = [
      '√ Connected to GitHub',
      '',
      "Current runner version: '2.328.0'",
      '2026-03-02 12:00:00Z: Listening for Jobs',
      '2026-03-02 12:00:03Z: Running job: build',
      '2026-03-02 12:01:03Z: Job build completed with result: Succeeded',
    ];
    const { findings, files, isJudged, verdict } = await explainText(lines.join('\n'));
    assert.deepEqual(findings, []);
    assert.equal(files[0]?.unknown, 0);
    assert.equal(isJudged, false, verdict);
  });

  it('says why it cannot listen, with and without a time', async () => {
    const text = [
      '2026-03-02 12:00:00Z: Runner connect error: Error: Conflict. Retrying until reconnected.',
      'Registration 7b665912-035c-45b6-bbef-74e402e59364 was not found.',
      'Failed to create a session. The runner registration has been deleted from the server, please re-configure.',
    ].join('\n');
    const { verdict, findings } = await explainText(text);
    assert.match(verdict, /^The runner's container reported an error 3 times: Failed to create a session/);
    assert.match(findings[0]?.advice ?? '', /Delete the runner/);
  });
});

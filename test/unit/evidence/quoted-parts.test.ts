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
});

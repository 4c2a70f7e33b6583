import assert from 'node:assert/strict';
import { explainInputs, explainText, at, createdLine, runnerLine, workersLine } from '../../builders/evidence.ts';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { recordedLog } from '../../builders/recorded-logs.ts';

function textOf(explanation: Explanation, runner?: string): string {
  const runners =
    runner === undefined ? explanation.runners : explanation.runners.filter(({ name }) => name === runner);
  return whyText({ ...explanation, runners }, unfitted(explanation.reading), {
    ...{ runner, isAll: false, isUnknownListed: false },
  });
}

describe('the answer about one runner', () => {
  const held = [
    workersLine(at(0), 1),
    createdLine(at(0), 'lark-1'),
    createdLine(at(1), 'lark-2'),
    runnerLine(at(1), 'lark-1', 'Creating ephemeral runner JIT config'),
    `${at(1200)}\tINFO\tEphemeralRunnerSet\tReconciling\t{"version": "NA", "ephemeralrunnerset": {"name":"set","namespace":"ci"}}`,
  ].join('\n');

  it('says for how long nobody has touched it, as the overview does', async () => {
    const explanation = await explainText(held);
    assert.match(
      textOf(explanation, 'lark-2'),
      /Not touched since it was created at 12:00:01: for 19 min 59 s when the log ends\./,
    );
    assert.match(
      textOf(explanation, 'lark-1'),
      /It has no pod yet, and no line has been about it since 12:00:01: for 19 min 59 s/,
    );
  });

  it('has every finding that is about it, before others', async () => {
    const explanation = await explainText(held);
    const about = explanation.findings.filter(({ runners }) => runners.includes('lark-2'));
    assert.ok(about.length > 0);
    const text = textOf(explanation, 'lark-2');
    for (const { sentence } of about) assert.ok(text.includes(sentence), sentence);
  });
});

describe('the overview', () => {
  it('has the release of several equal starts once', async () => {
    const start = (seconds: number): string =>
      [workersLine(at(seconds), 2), runnerLine(at(seconds + 1), `lark-${seconds}`, 'Adding finalizers')].join('\n');
    const other = [workersLine(at(900), 4), runnerLine(at(901), 'lark-9', 'Adding finalizers')].join('\n');
    const text = textOf(await explainText([start(0), start(300), start(600), other].join('\n')));
    assert.match(text, /4 starts of the controller: ARC [^;]*2 workers \(3 starts\); then ARC [^;]*4 workers\n/);
  });

  it('shows runners of the same name with their namespaces', async () => {
    const elsewhere = (line: string): string => line.replaceAll('"namespace":"ci"', '"namespace":"other"');
    const lines = [createdLine(at(0), 'lark-1'), runnerLine(at(1), 'lark-1', 'Created ephemeral runner pod')];
    const text = textOf(
      await explainInputs({ 'a.log': [...lines, ...lines.map(elsewhere), createdLine(at(2), 'lark-2')] }),
    );
    assert.match(text, /^ci\/lark-1 /m);
    assert.match(text, /^other\/lark-1 /m);
    assert.match(text, /^lark-2 /m);
  });

  it('never says that something took 0', async () => {
    const text = textOf(await explainText(LINES_AT_ONCE));
    assert.doesNotMatch(text, /\b(?:over|in|for|after) 0\b/);
    assert.match(text, /over less than 1 s/);
  });
});

const LINES_AT_ONCE = [createdLine(at(0), 'lark-1'), runnerLine(at(0), 'lark-1', 'Created ephemeral runner pod')].join(
  '\n',
);

describe('the table of runners', () => {
  it('begins, of those that a finding is about, with the longest waits for a pod', async () => {
    const explanation = await explainText(recordedLog('set-100-workers-2-latest.controller'));
    const [main] = explanation.findings;
    assert.equal(main?.runners.length, 100, 'the finding is about all runners of the burst');
    const longest = [...explanation.runners].sort((a, b) => b.waitedUs - a.waitedUs)[0];
    const rows = textOf(explanation)
      .split('\n')
      .filter((line) => line.startsWith('set-runner-'));
    assert.ok(rows[0]?.startsWith(longest?.name ?? '?'), `${longest?.name} waited longest; first is ${rows[0]}`);
  });
});

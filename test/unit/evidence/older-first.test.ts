import assert from 'node:assert/strict';
import { explainText } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const LOGS = [
  'set-100-workers-2-latest.controller',
  'burst-300-workers-2-new.controller',
  'jobs-50-old.controller',
  'set-100-workers-10-new.controller',
  'set-30-json-latest.controller',
  'jobs-50-latest.listener-1',
];

/** A file that somebody has put together of parts, in which a part ends in the middle of passes. */
function parts(lines: readonly string[], count: number): string[][] {
  const length = Math.ceil(lines.length / count);
  return Array.from({ length: count }, (_, index) => lines.slice(index * length, (index + 1) * length));
}

describe('a file whose later part stands before an earlier one', () => {
  for (const name of LOGS) {
    it(`says what it says in order: ${name}`, async () => {
      const lines = recordedLines(name);
      const { verdict, release, findings, bursts } = await explainText(lines.join('\n'));
      for (const [first = [], ...rest] of [parts(lines, 2), parts(lines, 3)]) {
        const turned = await explainText([...rest.flat(), ...first].join('\n'));
        assert.equal(turned.verdict, verdict);
        assert.equal(turned.release?.text, release?.text);
        assert.deepEqual(
          turned.findings.map(({ id }) => id),
          findings.map(({ id }) => id),
        );
        assert.deepEqual(
          turned.bursts.map(({ waitUs }) => waitUs),
          bursts.map(({ waitUs }) => waitUs),
        );
        assert.equal(turned.files[0]?.lines, lines.length);
        assert.match(
          turned.files[0].problems.join(),
          new RegExp(`from line ${rest.flat().length + 1} on is older than what comes before`),
        );
      }
    });
  }

  it('says what it says in order where the oldest part stands in the middle', async () => {
    for (const name of ['jobs-50-latest.controller', 'set-100-workers-2-latest.controller']) {
      const lines = recordedLines(name);
      const ordered = await explainText(lines.join('\n'));
      const [a = [], b = [], c = []] = parts(lines, 3);
      const turned = await explainText([...b, ...a, ...c].join('\n'));
      const problems = turned.files[0]?.problems.join() ?? '';
      assert.match(problems, new RegExp(`from line ${b.length + 1} on is older than what comes before`));
      assert.doesNotMatch(problems, /stand in it again/);
      assert.deepEqual([turned.verdict, turned.files[0]?.lines], [ordered.verdict, lines.length]);
    }
  });

  it('may be quoted part by part in an issue, with other things after it', async () => {
    const [first = [], second = []] = parts(recordedLines('set-100-workers-2-latest.controller'), 2);
    const fenced = (lines: readonly string[]): string[] => ['```', ...lines, '```'];
    const set = {
      kind: 'EphemeralRunner',
      apiVersion: 'actions.github.com/v1alpha1',
      metadata: { name: 'zz-1', namespace: 'ci' },
    };
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [set] }, undefined, 2).split('\n');
    const said = async (
      ...logs: readonly (readonly string[])[]
    ): Promise<readonly [string, boolean, number | undefined]> => {
      const text = ['The logs:', ...logs.flatMap(fenced), 'The runner:', ...fenced(list)].join('\n');
      const { verdict, runners, files } = await explainText(text, 'issue.md');
      return [verdict, runners.some(({ name }) => name === 'zz-1'), files[0]?.lines];
    };
    assert.deepEqual(await said(second, first), await said(first, second));
    assert.equal((await said(second, first))[1], true, 'the runner that is quoted last is known');
  });

  it('names the lines as they stand in the file', async () => {
    const lines = recordedLines('set-100-workers-2-latest.controller');
    const [first = [], second = []] = parts(lines, 2);
    const turned = [...second, ...first];
    const { runners } = await explainText(turned.join('\n'));
    assert.ok(runners.length > 0);
    for (const { name, evidence } of runners) {
      const line = turned[Number(evidence.podCreated?.split(':')[1]) - 1] ?? '';
      assert.ok(line.includes('Created ephemeral runner pod') && line.includes(name), line);
    }
  });

  it('is none with its newest line first, with a damaged stamp, or with two logs of one time', async () => {
    const lines = recordedLines('set-100-workers-2-latest.controller');
    const { verdict } = await explainText(lines.join('\n'));
    const newestFirst = await explainText([...lines].reverse().join('\n'));
    assert.equal(newestFirst.verdict, verdict);
    const damaged = lines.map((line, index) => (index === 900 ? line.replace(/^\d{4}/, '2021') : line));
    const late = [...lines, (lines.at(-1) ?? '').replace(/^\d{4}/, '2021')];
    for (const text of [lines, [...lines].reverse(), damaged, late, [...lines, ...lines.slice(100)]]) {
      const { files } = await explainText(text.join('\n'));
      assert.doesNotMatch(files[0]?.problems.join() ?? '', /is older than what comes before/);
    }
  });
});

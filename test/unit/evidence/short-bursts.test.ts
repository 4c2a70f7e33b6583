import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyMarkdown } from '../../../src/report/why-markdown.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { at, createdLine, explainFiles, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

const LOGS = fileURLToPath(new URL('logs/', import.meta.url));
const CHOICE = { runner: undefined, isAll: false, isUnknownListed: false };

function exactly(seconds: number): string {
  return new Date(Date.UTC(2026, 2, 2, 12) + seconds * 1000).toISOString();
}

/** Runners one after the other on one worker, every half second one, each with a JIT call that takes `call` seconds. */
function oneAfterTheOther(runners: number, version: string, call = 0.5): Promise<Explanation> {
  const names = Array.from({ length: runners }, (_, index) => `r${index}`);
  const lines = [
    workersLine(at(0), 1),
    ...names.map((name) => createdLine(exactly(0), name)),
    ...names.flatMap((name, index) => [
      runnerLine(exactly(index * 0.5), name, 'Creating ephemeral runner JIT config'),
      runnerLine(exactly(index * 0.5 + call), name, 'Created ephemeral runner JIT config'),
      runnerLine(exactly((index + 1) * 0.5), name, 'Created ephemeral runner pod'),
    ]),
  ];
  return explainText(lines.join('\n').replaceAll('"NA"', JSON.stringify(version)));
}

describe('a burst that is too short for a finding', () => {
  it('has a line that says what took its time and what would help, and is healthy', async () => {
    const explanation = await oneAfterTheOther(12, '0.12.1');
    assert.equal(explanation.isHealthy, true);
    assert.deepEqual(explanation.findings, []);
    assert.deepEqual(explanation.remarks, [
      'The last pod came after 6 s because 1 worker made 12 JIT calls of 0.50 s one after another. Raise flags.runnerMaxConcurrentReconciles of the controller chart (since 0.10). Do it before an upgrade to 0.14 or later, where the calls run one at a time whatever it is.',
    ]);
    assert.match(
      whyText(explanation, unfitted(explanation.reading), CHOICE),
      /✓ Nothing wrong .*\n.*\n\ni The last pod came after 6 s because 1 worker/,
    );
    assert.match(
      whyMarkdown(explanation, unfitted(explanation.reading), CHOICE),
      /\n\nThe last pod came after 6 s because/,
    );
  });

  it('says so of a real one', async () => {
    const { remarks } = await explainFiles(`${LOGS}set-30-latest.timestamps.log.gz`);
    assert.match(remarks.join(), /^The last pod came after .* because 30 JIT calls ran one at a time, one every 0\.2/);
  });

  it('is not told where one runner alone, or next to no time, makes it', async () => {
    for (const runners of [1, 2]) assert.deepEqual((await oneAfterTheOther(runners, '0.12.1')).remarks, []);
  });
});

describe('runners that come one after another', () => {
  it('have not waited for what took them together long', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => {
      const [name, from] = [`r${index}`, index * 0.5];
      return [
        createdLine(at(from), name),
        runnerLine(at(from), name, 'Creating ephemeral runner JIT config'),
        runnerLine(at(from + 0.5), name, 'Created ephemeral runner JIT config'),
        runnerLine(at(from + 0.5), name, 'Created ephemeral runner pod'),
      ];
    }).flat();
    const { findings, remarks } = await explainText([workersLine(at(0), 1), ...lines].join('\n'));
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      [],
    );
    assert.deepEqual(remarks, []);
  });
});

describe('JIT calls of one worker', () => {
  it('come with no advice for more workers from 0.14.0 on, where they would wait for the lock', async () => {
    const { findings } = await oneAfterTheOther(30, '0.14.1');
    assert.equal(findings[0]?.id, 'actions-lock');
    assert.match(findings[0].advice, /^No setting of the chart helps: more workers would wait for the same lock/);
    assert.doesNotMatch(findings[0].details.join(), /waited at once/);
    const before = await oneAfterTheOther(30, '0.13.0');
    assert.equal(before.findings[0]?.id, 'workers-busy');
    assert.match(before.findings[0].advice, /^Raise flags\.runnerMaxConcurrentReconciles/);
  });
});

describe('JIT calls of one worker that has more to do', () => {
  it('come with advice for more workers in every release, and from 0.14.0 on with what the lock leaves', async () => {
    for (const [version, advice] of [
      ['0.14.2', /^Raise flags\.runnerMaxConcurrentReconciles .* until the lock is the limit.* 18 s/],
      ['0.13.0', /^Raise flags\.runnerMaxConcurrentReconciles .* before an upgrade to 0\.14/],
    ] as const) {
      const { findings } = await oneAfterTheOther(60, version, 0.3);
      assert.equal(findings[0]?.id, 'workers-busy');
      assert.match(findings[0].sentence, /60 JIT calls on 1 worker|1 worker made 60 JIT calls/);
      assert.match(findings[0].advice, advice);
    }
  });
});

describe('the first line of an answer for one runner', () => {
  it('counts all runners of the log, as the rest does', async () => {
    const explanation = await oneAfterTheOther(12, '0.12.1');
    const one = { ...explanation, runners: explanation.runners.slice(0, 1) };
    assert.match(whyText(one, unfitted(one.reading), { ...CHOICE, runner: 'r0' }), /^12 runners, /m);
    assert.match(whyMarkdown(one, unfitted(one.reading), { ...CHOICE, runner: 'r0' }), /\n\n12 runners, /);
  });
});

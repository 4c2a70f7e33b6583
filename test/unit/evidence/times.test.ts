import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyMarkdown } from '../../../src/report/why-markdown.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { timeTexts } from '../../../src/report/why-times.ts';
import { explainFiles, explainText, wayLines } from '../../builders/evidence.ts';

const LOGS = fileURLToPath(new URL('logs/', import.meta.url));

function choose(explanation: Explanation, runner: string): Parameters<typeof whyText> {
  const runners = explanation.runners.filter(({ name }) => name === runner);
  return [{ ...explanation, runners }, unfitted(explanation.reading), { runner, isAll: false, isUnknownListed: false }];
}

describe('parts of a wait by a clock of whole seconds', () => {
  const log = wayLines('job1', 26).join('\n');

  it('are intervals, and none where two stamps are equal', async () => {
    const { runners } = await explainText(log);
    assert.deepEqual(
      runners[0]?.path.map(({ cause, us, leastUs, mostUs }) => [cause, us, leastUs, mostUs]),
      [
        ['kubernetes', 1e6, 0, 2e6],
        ['kubernetes', 1e6, 0, 2e6],
      ],
    );
  });

  it('are shown as intervals in text and in Markdown', async () => {
    const chosen = choose(await explainText(log), 'job1');
    assert.match(
      whyText(...chosen),
      /waited for .*\n {2}0 to 2 s for its requests to Kubernetes {2}controller\.log:1 to controller\.log:3\n/,
    );
    assert.match(
      whyMarkdown(...chosen),
      /What job1 waited for .*\n\n- 0 to 2 s for its requests to Kubernetes: `controller\.log:1 to/,
    );
  });

  it('are exact where the clock is finer', async () => {
    const fine = log
      .split('\n')
      .map((line, index) => `2026-03-02T12:00:2${7 + (index > 3 ? 1 : 0)}.${index}00000000Z ${line}`);
    const chosen = choose(await explainText(fine.join('\n')), 'job1');
    assert.match(whyText(...chosen), /\n {2}200 ms for its requests to Kubernetes {2}/);
  });
});

describe('a part of a wait that the cause of the whole burst explains', () => {
  it("names the client's limit that held the worker", async () => {
    const explanation = await explainFiles(`${LOGS}burst-300-workers-2-new.controller.log.gz`);
    const { path = [] } = explanation.runners.find(({ name }) => name === 'job243') ?? {};
    const busy = path.filter(({ cause }) => cause === 'worker busy');
    assert.ok(busy.length > 0);
    for (const part of busy) assert.equal(part.heldBy, "the Kubernetes client's limit");
    assert.match(
      whyText(...choose(explanation, 'job243')),
      /14 s to 16 s for a worker, as the Kubernetes client's limit held back the requests of all workers/,
    );
  });
});

describe('a time in a table', () => {
  const time = (from: string, until?: string): Parameters<typeof timeTexts>[1]['finished'] => ({
    at: `2026-03-02T12:00:${from}Z`,
    ...(until === undefined ? {} : { until: `2026-03-02T12:00:${until}Z` }),
  });
  const cases: [title: string, finished: ReturnType<typeof time>, short: string, dated: string][] = [
    ['by a fine clock', time('04.123456'), '12:00:04.123', '2026-03-02T12:00:04.123Z'],
    ['by whole seconds', time('04.000000', '05.000000'), '12:00:04', '2026-03-02T12:00:04Z'],
    ['by milliseconds', time('04.123000', '04.124000'), '12:00:04.123', '2026-03-02T12:00:04.123Z'],
    ['seen within a second', time('04.100000', '04.687055'), '≤ 12:00:04.688', '≤ 2026-03-02T12:00:04.688Z'],
    ['seen later', time('02.100000', '04.900001'), '≤ 12:00:04.901', '≤ 2026-03-02T12:00:04.901Z'],
    ['seen later by whole seconds', time('02.000000', '05.000000'), '≤ 12:00:04', '≤ 2026-03-02T12:00:04Z'],
    ['seen later, a second after a fine stamp', time('03.500000', '05.000000'), '≤ 12:00:04', '≤ 2026-03-02T12:00:04Z'],
  ];
  for (const [title, finished, short, dated] of cases) {
    it(`is as fine as its clock, and an end is rounded up: ${title}`, () => {
      const milestones = finished === undefined ? {} : { finished };
      assert.deepEqual(timeTexts(['finished'], milestones), [short]);
      assert.deepEqual(timeTexts(['finished'], milestones, true), [dated]);
    });
  }

  it('does not put the end of a container after that of its runner', () => {
    const finished = { at: '2026-03-02T12:00:03.000000Z', until: '2026-03-02T12:00:04.500001Z' };
    const gone = { at: '2026-03-02T12:00:04.500000Z' };
    assert.deepEqual(timeTexts(['finished', 'gone'], { finished, gone }), ['≤ 12:00:04.500', '12:00:04.500']);
  });

  it('in Markdown shows an interval by its end', async () => {
    const explanation = await explainFiles(`${LOGS}jobs-3-new.controller.log.gz`);
    const markdown = whyMarkdown(explanation, unfitted(explanation.reading), {
      runner: undefined,
      isAll: false,
      isUnknownListed: false,
    });
    assert.match(markdown, /\| ≤ 2026-11-26T08:09:18Z \|/);
    assert.doesNotMatch(markdown, /\.000000Z/);
  });
});

import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { fitLog } from '../../../src/fit/log-fit.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const BURSTS = [
  'set-100-workers-2-latest',
  'set-100-workers-10-new',
  'burst-300-workers-2-latest',
  'burst-300-workers-2-new',
  'burst-100-workers-4-latest',
  'jobs-50-old',
  'jobs-3-new',
];

function explainLines(lines: readonly string[]): Promise<Explanation> {
  return explainText(`${lines.join('\n')}\n`);
}

/** What must not differ between a log and what a store makes of it. */
function said({ verdict, findings, remarks, reading }: Explanation): unknown {
  const { requests, linesAbove, processes, runners } = reading;
  return {
    ...{ verdict, remarks, requests, linesAbove, starts: processes.length },
    findings: findings.map(({ id, sentence, details }) => ({ id, sentence, details })),
    runners: Array.from(runners.values(), ({ name, way, notes, failed }) => [
      name,
      way.map(({ doing, at: { us } }) => [doing, us]),
      Array.from(notes, ([note, { count }]) => [note, count]),
      failed.map(({ text, count }) => [text, count]),
    ]),
  };
}

function problemsOf({ files }: Explanation): string {
  return files.flatMap(({ problems }) => problems).join('; ');
}

describe('lines that a file has more than once', () => {
  const variants: [what: string, change: (lines: readonly string[]) => readonly string[]][] = [
    ['each twice, as two collectors give them', (lines) => lines.flatMap((line) => [line, line])],
    ['each three times', (lines) => lines.flatMap((line) => [line, line, line])],
    ['the log pasted twice', (lines) => [...lines, ...lines]],
    ['two parts that overlap', (lines) => [...lines.slice(0, lines.length * 0.6), ...lines.slice(lines.length * 0.4)]],
    ['all but the first line twice', (lines) => [lines[0] as string, ...lines.slice(1), ...lines.slice(1)]],
  ];
  for (const [what, change] of variants)
    it(`count once: ${what}`, async () => {
      for (const name of BURSTS) {
        const lines = recordedLines(`${name}.controller`);
        const changed = await explainLines(change(lines));
        assert.deepEqual(said(changed), said(await explainLines(lines)), name);
        assert.match(problemsOf(changed), /^[\d,]+ lines stand in it again and count once$/, name);
      }
    });

  it('count once where some of them are doubled, and a block was sent again', async () => {
    for (const name of BURSTS) {
      const lines = recordedLines(`${name}.controller`);
      const random = new Random(7);
      const some = lines.flatMap((line) => (random.next() < 0.6 ? [line, line] : [line]));
      const blocks = lines.flatMap((_, index) => {
        const block = index % 200 === 0 ? lines.slice(index, index + 200) : [];
        return index % 600 === 200 ? [...block, ...block] : block;
      });
      const { verdict } = await explainLines(lines);
      for (const changed of [some, blocks]) {
        const explanation = await explainLines(changed);
        assert.equal(explanation.verdict, verdict, name);
        assert.match(problemsOf(explanation), /lines stand in it again/, name);
      }
    }
  });

  it('are found where nothing is made', async () => {
    const refused = Array.from({ length: 40 }, (_, index) =>
      runnerLine(at(index * 30), 'lark-1', 'Runner is not finished yet, retrying in 30s'),
    );
    const { verdict } = await explainLines(refused.flatMap((line) => [line, line]));
    assert.match(verdict, /refused to remove lark-1 40 times/);
  });

  it('are not those that a controller writes twice in a second, or whose runner came again later', async () => {
    const looks = [0, 0, 1, 1, 1].map((seconds) =>
      runnerLine(at(seconds), 'lark-1', 'Runner is not finished yet, retrying in 30s'),
    );
    const explanation = await explainLines([createdLine(at(0), 'lark-1'), ...looks]);
    assert.equal(explanation.reading.runners.get('ci', 'lark-1')?.notes.get('removal refused')?.count, 5);
    assert.equal(problemsOf(explanation), '');
    for (const name of BURSTS)
      assert.equal(problemsOf(await explainLines(recordedLines(`${name}.controller`))), '', name);
  });
});

describe('lines that a store has shuffled within a second', () => {
  /** As a store sorts them that keeps whole seconds; lines without a stamp stay with the one before. */
  function shuffled(lines: readonly string[], seed: number): string[] {
    const random = new Random(seed);
    const seconds = new Map<string, string[]>();
    let second = '';
    for (const line of lines) {
      second = /\d{4}-\d\d-\d\dT[\d:]{8}/.exec(line)?.[0] ?? second;
      seconds.set(second, [...(seconds.get(second) ?? []), line]);
    }
    return [...seconds].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, of]) => of.sort(() => random.next() - 0.5));
  }

  for (const name of BURSTS)
    it(`are read in an order that can be: ${name}`, async () => {
      const lines = recordedLines(`${name}.controller`);
      const whole = await explainLines(lines);
      for (const seed of [1, 2, 3]) {
        const changed = await explainLines(shuffled(lines, seed));
        assert.match(problemsOf(changed), /^its lines are not in order within a second, so what was first in one/);
        assert.equal(changed.isHealthy, whole.isHealthy);
        assert.deepEqual(
          changed.findings.map(({ id }) => id),
          whole.findings.map(({ id }) => id),
        );
        assert.equal(changed.reading.processes.length, whole.reading.processes.length);
        assert.equal(changed.reading.breaks, 0);
        assert.deepEqual(changed.reading.longSteps, []);
        // How long calls took is not known then, so that nothing can be fitted to them.
        const { settings, simulation } = await fitLog(changed, { pool: new SimulationPool(0) });
        assert.deepEqual([settings.qps, settings.jitMs, simulation], [null, null, undefined]);
      }
    });

  it('are in their order again where their stamps tell it', async () => {
    const lines = recordedLines('set-30-latest.timestamps');
    const changed = await explainLines(shuffled(lines, 1));
    assert.deepEqual(said(changed), said(await explainLines(lines)));
    assert.equal(problemsOf(changed), '');
  });

  it('are not believed over the order of the file where one stamp alone is out of it', async () => {
    const lines = recordedLines('set-30-latest.timestamps');
    const plain = await explainLines(lines);
    const made = lines.findIndex((line) => line.includes('Created ephemeral runner pod'));
    const changed = lines.map((line, index) => (index === made ? line.replace(/\.\d+Z/, '.999999999Z') : line));
    const { findings, reading } = await explainLines(changed);
    assert.deepEqual(findings, plain.findings);
    assert.deepEqual(reading.holes, []);
  });

  it('are known by steps that end before they begin, and no others are', async () => {
    const pass = [
      runnerLine(at(0), 'lark-1', 'Adding finalizers'),
      runnerLine(at(0), 'lark-1', 'Creating ephemeral runner JIT config'),
      runnerLine(at(1), 'lark-1', 'Created ephemeral runner JIT config'),
      // A pass over a copy from before that asks again.
      runnerLine(at(1), 'lark-1', 'Creating ephemeral runner JIT config'),
    ];
    assert.equal(problemsOf(await explainLines(pass)), '');
    const [first, second, third] = pass as [string, string, string];
    assert.match(
      problemsOf(await explainLines([first, third.replace(at(1), at(0)), second])),
      /not in order within a second/,
    );
    for (const name of BURSTS)
      assert.equal((await explainLines(recordedLines(`${name}.controller`))).reading.isShuffled, false);
  });
});

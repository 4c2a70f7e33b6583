import assert from 'node:assert/strict';
import { burstToFit } from '../../../src/fit/log-fit.ts';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const BURSTS = [
  'set-100-workers-2-latest',
  'set-100-workers-10-new',
  'burst-300-workers-2-latest',
  'burst-300-workers-2-new',
  'jobs-50-old',
];

/** What `grep` leaves of a log. */
function found(name: string, words: RegExp): string {
  return recordedLines(`${name}.controller`)
    .filter((line) => words.test(line))
    .join('\n');
}

describe('what a search for words left of a log', () => {
  for (const words of [/Created|Updat/, /Created/, /Created ephemeral runner/])
    it(`is no ground for a cause or a simulation: ${words.source}`, async () => {
      for (const name of BURSTS) {
        const { verdict, bursts, findings, isHealthy } = await explainText(found(name, words));
        assert.match(
          verdict,
          /^Lines are missing: none asks for the JIT config of \d+ runners, and each has one\.$/,
          name,
        );
        assert.match(findings[0]?.advice ?? '', /^Give the whole log, not what a search left of it/);
        assert.equal(isHealthy, false);
        // Nothing is simulated without bursts.
        assert.deepEqual(bursts, [], name);
        assert.deepEqual(
          findings.map(({ id }) => id),
          ['lines-missing'],
          name,
        );
      }
    });

  it('is no ground for a cause where it passes over a step of each runner', async () => {
    for (const [words, sentence] of [
      [/JIT|pod/, /^Lines are missing: \d+ runners have a pod and no line about their secret\.$/],
      [
        /Creating ephemeral runner JIT|secret|pod/,
        /^Lines are missing: \d+ runners have a secret or a pod and no line/,
      ],
    ] as const)
      for (const name of BURSTS) {
        const { verdict, bursts, findings } = await explainText(found(name, words));
        assert.match(verdict, sentence, `${name} ${words.source}`);
        assert.match(findings[0]?.advice ?? '', /what holds runners back is in the lines between/);
        assert.deepEqual(bursts, [], name);
      }
  });

  it('says what is missing where it is about one runner that waited', async () => {
    for (const name of ['set-100-workers-2-latest', 'set-100-workers-10-new']) {
      const text = recordedLines(`${name}.controller`).join('\n');
      const names = [...new Set([...text.matchAll(/[a-z-]+-runner-[a-z0-9]{5}(?=")/g)].map(([each]) => each))];
      const late = names[names.length >> 1] as string;
      const { verdict, isJudged } = await explainText(found(name, new RegExp(late)));
      assert.equal(isJudged, false);
      assert.match(
        verdict,
        /^Not enough to judge: only lines about \S+ are here, which got its pod after \d+ s; what it waited for is in those about the others, so give the whole log\.$/,
      );
    }
  });

  it('is not seen in whole logs, nor in parts of them', async function () {
    this.timeout(60_000);
    for (const name of BURSTS) {
      const lines = recordedLines(`${name}.controller`);
      for (const from of [0, 0.1, 0.33, 0.5, 0.8])
        for (const length of [50, 200, 1000, Number.POSITIVE_INFINITY]) {
          const start = Math.floor(lines.length * from);
          const { findings } = await explainText(lines.slice(start, start + length).join('\n'));
          assert.ok(
            findings.every(({ id }) => id !== 'lines-missing'),
            `${name} from ${from}, ${length} lines`,
          );
        }
    }
  });

  it('tells how many runners were made where only the lines of their set are left', async () => {
    for (const name of ['set-100-workers-2-latest', 'set-100-workers-10-new']) {
      const { verdict, isJudged } = await explainText(found(name, /\tEphemeralRunnerSet\t/));
      assert.equal(isJudged, false);
      assert.match(
        verdict,
        /^Not enough to judge: the log says of 100 runners that they were made, and has no line about their pods/,
      );
    }
    const one = await explainText(createdLine(at(0), 'lark-1'));
    assert.match(one.verdict, /the log says of 1 runner that it was made, and has no line about its pod/);
  });
});

describe('a runner that is given up without a pod in the log', () => {
  const marked = (name: string, second: number): string =>
    runnerLine(at(second), name, 'EphemeralRunner is marked as Failed and deleted from the service');

  it('is not said to have had one', async () => {
    const { findings } = await explainText(`${workersLine(at(0), 2)}\n${marked('lark-1', 3)}\n`);
    assert.equal(findings[0]?.sentence, 'lark-1 was given up; the log does not show why, nor a pod of it.');
    assert.deepEqual(
      findings[0].evidence.map(({ says }) => says),
      ['it is given up'],
    );
    assert.doesNotMatch(findings[0].details.join(), /pod/);
  });

  it('has had more than five that failed where its line says so', async () => {
    for (const [message, times] of [
      ['EphemeralRunner has failed more than 5 times. Marking it as failed', 1],
      ['EphemeralRunner has failed more than 5 times. Deleting ephemeral runner so it can be re-created', 2],
    ] as const) {
      const lines = ['lark-1', 'lark-2'].slice(0, times).map((name) => runnerLine(at(3), name, message));
      const { verdict } = await explainText(lines.join('\n'));
      assert.match(
        verdict,
        times === 1
          ? /^lark-1 was given up as more than five of its pods failed; the log does not show why they did\.$/
          : /^2 runners were given up as more than five pods of each failed;/,
      );
    }
  });

  it('differs from one whose pod failed', async () => {
    const failed = runnerLine(
      at(1),
      'wren-1',
      'EphemeralRunner pod is deleted and status is updated with failure count',
    );
    const { findings } = await explainText([failed, marked('lark-1', 3), marked('lark-2', 3), ''].join('\n'));
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      ['2 runners were given up; the log does not show why, nor a pod of them.', 'The pod of wren-1 failed once.'],
    );
  });
});

describe('a log without one kind of line that every runner has', () => {
  for (const words of [/Updated|Waiting/, /Updating/, /Successfully/, /Adding/])
    it(`is no ground for settings, and says which it lacks: without ${words.source}`, async () => {
      for (const name of BURSTS) {
        const all = recordedLines(`${name}.controller`);
        const lines = all.filter((line) => !words.test(line));
        // Runners of some sets are made with their finalizers.
        if (all.length - lines.length < 50) continue;
        const explanation = await explainText(lines.join('\n'));
        assert.equal(burstToFit(explanation).slow, undefined, name);
        const said = [...explanation.remarks, ...explanation.findings.map(({ sentence }) => sentence)];
        assert.ok(
          said.some((text) => /^Lines are missing/.test(text)),
          name,
        );
      }
    });

  it('is not one that has all', async () => {
    for (const name of BURSTS) {
      const explanation = await explainText(recordedLines(`${name}.controller`).join('\n'));
      assert.notEqual(burstToFit(explanation).slow, undefined, name);
      assert.ok(explanation.remarks.every((remark) => !/missing/.test(remark)));
    }
  });
});

describe('a log out of a store that has all its lines', () => {
  const second = (line: string): string => /\d\d:\d\d:\d\d/.exec(line)?.[0] ?? '';
  /** Lines within each second in another order, the same one each time. */
  const shuffled = (lines: readonly string[]): string[] =>
    [...lines.entries()]
      .map(([index, line]) => ({ line, second: second(line), key: (index * 7919) % 1009 }))
      .sort((a, b) => a.second.localeCompare(b.second) || a.key - b.key)
      .map(({ line }) => line.replace(/^(\S+:\d\d)\.\d+Z/, '$1Z'));
  const changes: [title: string, change: (lines: readonly string[]) => string[]][] = [
    ['twice, one after the other', (lines) => lines.flatMap((line) => [line, line])],
    ['twice, second by second', (lines) => [...lines, ...lines].sort((a, b) => second(a).localeCompare(second(b)))],
    ['shuffled within each second', shuffled],
  ];
  for (const [title, change] of changes)
    it(`is not taken for what a search left, where they come ${title}`, async () => {
      for (const name of BURSTS) {
        const lines = recordedLines(`${name}.controller`).map((line) => line.replace(/^(\S+:\d\d)\.\d+Z/, '$1Z'));
        const { findings } = await explainText(change(lines).join('\n'));
        assert.deepEqual(
          findings.filter(({ id }) => id === 'lines-missing').map(({ sentence }) => sentence),
          [],
          name,
        );
      }
    });
});

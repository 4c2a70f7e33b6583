import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { RUNNER_MESSAGES, SAID_BY } from '../../../src/evidence/messages.ts';
import { EPHEMERAL_RUNNER } from '../../../src/evidence/arc-messages/ephemeral-runner.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { explainFiles, explainText, at, createdLine, runnerLine, workersLine } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const FOLDER = new URL('./logs/', import.meta.url);
const NEWER = /1 line has a message that no release up to 0\.14\.2 writes: perhaps a newer release/;

describe('a message that no known release writes', () => {
  it('stands in no log that a controller or a listener of a known release has written', async () => {
    for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('.log.gz'))) {
      const { files } = await explainFiles(new URL(name, FOLDER).pathname);
      assert.deepEqual(
        files.map(({ newMessages }) => newMessages),
        [0],
        name,
      );
    }
  });

  it('is none of those that something is concluded from', () => {
    const known = new Set(EPHEMERAL_RUNNER);
    const ofRunners = [...RUNNER_MESSAGES.keys(), ...SAID_BY.keys()].filter((message) => !message.startsWith('Using '));
    assert.deepEqual(
      ofRunners.filter((message) => !known.has(message)),
      [],
    );
  });

  for (const [of, line] of [
    ['a runner', runnerLine(at(9), 'lark-1', 'Reconciling runner state')],
    ['a set', `${at(9)}\tINFO\tEphemeralRunnerSet\tBalancing\t{"ephemeralrunnerset": {"name":"set","namespace":"ci"}}`],
    [
      'a scale set',
      `${at(9)}\tINFO\tAutoscalingRunnerSet\tNo room\t{"autoscalingrunnerset": {"name":"set","namespace":"ci"}}`,
    ],
    ['a listener', `${at(9)}\tINFO\tlistener-app.listener\tResting\t{"seconds": 3}`],
    ["a listener's text since 0.14", `time=${at(9)} level=INFO msg="Resting now" component=worker seconds=3`],
    [
      "a runner, in a store's JSON",
      `{"severity":"info","ts":"${at(9)}","logger":"EphemeralRunner","message":"Resting","version":"0.15.0","ephemeralrunner":{"name":"lark-1","namespace":"ci"}}`,
    ],
  ] as const) {
    it(`is counted and listed: of ${of}`, async () => {
      const log = recordedLines('jobs-3-latest.controller');
      const { files, isJudged, verdict } = await explainText([...log, line].join('\n'));
      assert.deepEqual(
        files.map(({ newMessages, unknown }) => [newMessages, unknown]),
        [[1, 0]],
      );
      assert.deepEqual(
        files[0]?.unknownLines.map((each) => each.line),
        [log.length + 1],
      );
      assert.match(verdict, NEWER);
      assert.equal(isJudged, false);
    });
  }

  it('takes the words away that all was understood, and the tick', async () => {
    const log = [...recordedLines('jobs-3-latest.controller'), runnerLine(at(9), 'lab-runner-85fcg', 'Resting')].join(
      '\n',
    );
    const explanation = await explainText(log);
    const choice = { runner: undefined, isAll: false, isUnknownListed: true };
    const text = whyText(explanation, unfitted(explanation.reading), choice);
    assert.doesNotMatch(text, /all understood|^✓/m);
    assert.match(text, /^\? Nothing wrong found in \d runners/m);
    assert.match(text, new RegExp(`^read: .*${NEWER.source} \\(--unknown lists them\\)`, 'm'));
    assert.match(text, /^controller\.log:\d+ {2}\S+ INFO EphemeralRunner Resting /m);
  });

  it('is not one whose end is cut away, or whose apostrophe an editor has changed', async () => {
    const whole = "Autoscaling runner set version doesn't match the build version. Deleting the resource.";
    const lines = [
      `${at(0)}\tINFO\tEphemeralRunner\tCreating ephemeral run`,
      `${at(1)}\tINFO\tAutoscalingRunnerSet\t${whole.replace("'", '’')}\t{"autoscalingrunnerset": {"name":"set","namespace":"ci"}}`,
    ];
    const { files } = await explainText(lines.join('\n'));
    assert.equal(files[0]?.newMessages, 0);
  });

  it('leaves nothing sure that follows from lines which do not come', async () => {
    const lines = [
      workersLine(at(0), 2),
      createdLine(at(1), 'lark-1'),
      runnerLine(at(1), 'lark-1', 'Creating ephemeral runner JIT config'),
      ...Array.from({ length: 30 }, (_, index) =>
        runnerLine(at(10 + 20 * index), 'lark-2', 'Ephemeral runner container is still running'),
      ),
    ];
    const held = async (text: readonly string[]): Promise<string[]> =>
      (await explainText(text.join('\n'))).findings.map(({ confidence }) => confidence);
    assert.deepEqual(await held(lines), ['likely']);
    assert.deepEqual(await held([...lines, runnerLine(at(601), 'lark-2', 'Resting')]), ['unsure']);
  });

  describe('over and over', () => {
    const repeated = (runner: string, times: number): string[] =>
      Array.from({ length: times }, (_, index) => runnerLine(at(10 + 30 * index), runner, 'The lease is held'));
    const held = [
      createdLine(at(1), 'lark-1'),
      createdLine(at(1), 'lark-2'),
      runnerLine(at(2), 'lark-2', 'Adding finalizer'),
    ];

    it('is quoted, with how often and since when, where it is the last that is said of runners without a pod', async () => {
      const { verdict, findings } = await explainText(
        [...held, ...[...repeated('lark-1', 9), ...repeated('lark-2', 9)].sort()].join('\n'),
      );
      assert.match(
        verdict,
        /^No pod for lark-1 and lark-2 when the log ends: the controller says "The lease is held", 18 times from \d\d:\d\d:10 to \d\d:\d\d:10\.$/,
      );
      assert.equal(findings[0]?.confidence, 'likely');
    });

    for (const [where, lines] of [
      [
        'the runner has got its pod',
        [...repeated('lark-1', 9), runnerLine(at(400), 'lark-1', 'Created ephemeral runner pod')],
      ],
      [
        'something else is said after it',
        [...repeated('lark-1', 9), runnerLine(at(400), 'lark-1', 'Adding finalizer')],
      ],
      ['it is said twice', repeated('lark-1', 2)],
      ['others are said between', [...repeated('lark-1', 9), runnerLine(at(400), 'lark-1', 'The lease is free')]],
    ] as const) {
      it(`is not what holds runners where ${where}`, async () => {
        const { findings } = await explainText([createdLine(at(1), 'lark-1'), ...lines].join('\n'));
        assert.deepEqual(
          findings.filter(({ id }) => id === 'unknown-message'),
          [],
        );
      });
    }
  });
});

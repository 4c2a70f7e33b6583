import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

/** A burst of two runners, a line a second. */
const LINES = [
  workersLine(at(0), 1),
  createdLine(at(1), 'a'),
  createdLine(at(1), 'b'),
  ...['a', 'b'].flatMap((name, index) => [
    runnerLine(at(2 + index * 4), name, 'Creating ephemeral runner JIT config'),
    runnerLine(at(3 + index * 4), name, 'Created ephemeral runner JIT config'),
    runnerLine(at(4 + index * 4), name, 'Updated ephemeral runner status with runnerId and runnerJITConfig'),
    runnerLine(at(5 + index * 4), name, 'Created ephemeral runner pod'),
  ]),
];

function withStamp(line: string, stamp: string): string {
  return stamp + line.slice(20);
}

describe('a damaged time stamp', () => {
  const stamps = [
    '2026-03-12T12:00:03Z',
    '2028-03-02T12:00:03Z',
    '2016-03-02T12:00:03Z',
    '2026-03-02T12:40:03Z',
    '2026-03-02T02:00:03Z',
  ];
  for (const stamp of stamps) {
    for (let index = 0; index < LINES.length; index++) {
      it(`is read as that of the lines around: ${stamp} in line ${index + 1}`, async () => {
        const damaged = LINES.map((line, each) => (each === index ? withStamp(line, stamp) : line));
        const { files, runners } = await explainText(damaged.join('\n'));
        // The last line alone may as well have come after a pause.
        if (index === LINES.length - 1 && /T12:40|-12T/.test(stamp)) return;
        // So may all that follow the first.
        if (index === 0 && stamp.includes('T02:00')) return;
        assert.match(
          files[0]?.problems.join() ?? '',
          /^1 time stamp does not fit the lines around; their time is used$/,
        );
        for (const { milestones } of runners) {
          for (const { at: time } of Object.values(milestones)) assert.match(time, /^2026-03-02T12:00:/);
        }
      });
    }
  }

  for (const stamp of [
    '2026-13-02T12:00:03Z',
    '2026-02-31T12:00:03Z',
    '2026-03-02T25:00:03Z',
    '0026-03-02T12:00:03Z',
  ]) {
    it(`that is no time makes a line that is not understood: ${stamp}`, async () => {
      const damaged = LINES.map((line, index) => (index === 4 ? withStamp(line, stamp) : line));
      const { files } = await explainText(damaged.join('\n'));
      assert.deepEqual(
        files[0]?.unknownLines.map(({ line }) => line),
        [5],
      );
    });
  }
});

describe('a log whose times go far', () => {
  const pause = (seconds: number): string[] => LINES.map((line, index) => withStamp(line, at(index * seconds)));

  it('forward, line by line, is taken as it is', async () => {
    const { files, runners } = await explainText(pause(7200).join('\n'));
    assert.deepEqual(files[0]?.problems, []);
    assert.equal(runners[1]?.milestones.podCreated?.at, `${at(10 * 7200).slice(0, 19)}.000000Z`);
  });

  it('back once, as where an older one follows in the same file, is read first', async () => {
    const older = LINES.map((line, index) =>
      withStamp(line, at(index - 86_400))
        .replaceAll('"a"', '"c"')
        .replaceAll('"b"', '"d"'),
    );
    const { files, runners } = await explainText([...LINES, ...older].join('\n'));
    assert.match(
      files[0]?.problems.join() ?? '',
      /^what stands in it from line 12 on is older than what comes before, and was read first$/,
    );
    assert.equal(runners.length, 4);
    assert.match(runners.find(({ name }) => name === 'd')?.milestones.podCreated?.at ?? '', /^2026-03-01T12:00:10/);
  });
});

describe('lines that go on at an earlier time', () => {
  it('are named with the first of them, where they go on beyond those before', async () => {
    const back = LINES.map((line, index) => withStamp(line, at(-3600 + index * 400)));
    const { files } = await explainText([...LINES, ...back].join('\n'));
    const us = (Date.parse(at(9)) - Date.parse(at(-3600))) / 1000;
    assert.equal(us, 3609);
    assert.match(
      files[0]?.problems.join() ?? '',
      new RegExp(`^from line ${LINES.length + 1} on its times are 1 h 0 min earlier than before`),
    );
  });

  it('are not named where they are a few seconds earlier', async () => {
    const back = LINES.map((line, index) => withStamp(line, at(5 + index)));
    const { files } = await explainText([...LINES, ...back].join('\n'));
    assert.deepEqual(files[0]?.problems, []);
  });
});
